package io.countersign.service.wiring;

import io.countersign.service.appraisal.AttestationService.TokenTerms;
import io.countersign.service.config.CountersignConfig;
import io.countersign.service.config.TokenConfig;
import io.countersign.service.ops.SignatureProvider;
import io.countersign.service.ops.SigningMetrics;
import io.countersign.service.signing.FileVault;
import io.countersign.service.signing.IssuedTokens;
import io.countersign.service.signing.KeyChanges;
import io.countersign.service.signing.KeyFolder;
import io.countersign.service.signing.KeyPurpose;
import io.countersign.service.signing.KeyTimes;
import io.countersign.service.signing.KeyTroubleException;
import io.countersign.service.signing.KeyVaults;
import io.countersign.service.signing.RotationSchedule;
import io.countersign.service.signing.SigningAlgorithm;
import io.countersign.service.signing.SigningRing;
import io.countersign.service.signing.pkcs11.TokenSettings;
import io.countersign.service.signing.pkcs11.TokenVault;
import io.countersign.verifier.token.TokenContext;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;

/** The keys that tokens are signed with. Whatever is wrong with them stops the start with its sentence. */
@Singleton
class SigningWiring {
    private static final Duration SHORTEST_POLL = Duration.ofSeconds(1);

    @Produces
    @Singleton
    KeyFolder keyFolder(CountersignConfig config, TokenTerms terms) {
        return KeyFolder.of(
                config.token().keysDir(),
                config.dataDir(),
                terms.assurance() == TokenContext.Assurance.INSECURE ? KeyPurpose.INSECURE : KeyPurpose.PRODUCTION);
    }

    @Produces
    @Singleton
    KeyVaults keyVaults(CountersignConfig config, KeyFolder folder, SignatureProvider signatures) {
        TokenConfig.Pkcs11 pkcs11 = config.token().pkcs11();
        return orStop(() -> new KeyVaults(
                new FileVault(folder, signatures.provider()),
                TokenSettings.of(pkcs11.library(), pkcs11.tokenLabel(), pkcs11.pinFile())
                        .map(TokenVault::new)));
    }

    @Produces
    @Singleton
    KeyChanges keyChanges(KeyFolder folder, KeyVaults vaults) {
        return new KeyChanges(folder, vaults);
    }

    @Produces
    @Singleton
    RotationSchedule schedule(
            CountersignConfig config, KeyFolder folder, KeyVaults vaults, KeyChanges changes, InstantSource clock) {
        TokenConfig.Rotation rotation = config.token().rotation();
        if (rotation.poll().compareTo(SHORTEST_POLL) < 0 || rotation.poll().compareTo(KeyTimes.LONGEST_POLL) > 0) {
            throw new IllegalArgumentException("countersign.token.rotation.poll is from %d to %d s, not %s"
                    .formatted(SHORTEST_POLL.toSeconds(), KeyTimes.LONGEST_POLL.toSeconds(), rotation.poll()));
        }
        var terms = new RotationSchedule.Terms(algorithm(config), rotation.every(), rotation.overlap());
        return orStop(() -> new RotationSchedule(folder, vaults, changes, terms, clock));
    }

    @Produces
    @Singleton
    SigningRing signingRing(
            CountersignConfig config,
            KeyFolder folder,
            KeyVaults vaults,
            KeyChanges changes,
            RotationSchedule schedule,
            InstantSource clock,
            MeterRegistry registry) {
        var metrics = new SigningMetrics(registry);
        return orStop(() -> {
            var first = changes.ringOrFirst(algorithm(config), clock.instant());
            var ring = new SigningRing(folder, vaults, first, clock, metrics);
            // Only once every key there is could be opened: a start without the token's settings must leave no key in a
            // file behind, which would take over when the next start has them again.
            schedule.rotateTowardsConfigured(ring.ring());
            ring.poll();
            metrics.kept(ring, clock);
            return ring;
        });
    }

    @Produces
    @Singleton
    IssuedTokens issuedTokens(SigningRing ring, SignatureProvider signatures) {
        return new IssuedTokens(ring, signatures.provider());
    }

    private static SigningAlgorithm algorithm(CountersignConfig config) {
        return SigningAlgorithm.named(config.token().algorithm())
                .orElseThrow(() -> new IllegalArgumentException("countersign.token.algorithm is ES256 or ES384, not "
                        + config.token().algorithm()));
    }

    private interface Making<T> {
        T make() throws KeyTroubleException;
    }

    private static <T> T orStop(Making<T> making) {
        try {
            return making.make();
        } catch (KeyTroubleException e) {
            throw new IllegalStateException(e.why(), e);
        }
    }
}
