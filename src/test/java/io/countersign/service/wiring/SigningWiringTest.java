package io.countersign.service.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.countersign.service.appraisal.AttestationService.TokenTerms;
import io.countersign.service.config.CountersignConfig;
import io.countersign.service.signing.FileVault;
import io.countersign.service.signing.KeyChanges;
import io.countersign.service.signing.KeyFolder;
import io.countersign.service.signing.KeyPurpose;
import io.countersign.service.signing.KeyTroubleException;
import io.countersign.service.signing.KeyVault;
import io.countersign.service.signing.KeyVaults;
import io.countersign.service.signing.RingKey;
import io.countersign.service.signing.Seal;
import io.countersign.service.signing.SigningAlgorithm;
import io.countersign.verifier.token.TokenContext.Assurance;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningWiringTest {
    private static final InstantSource CLOCK = InstantSource.system();

    private final KeyFolder folder;
    private final SigningWiring wiring = new SigningWiring();
    private final CountersignConfig config = new SmallRyeConfigBuilder()
            .withMapping(CountersignConfig.class)
            .withSources(new PropertiesConfigSource(Map.of("countersign.issuer", "http://localhost"), "test", 100))
            .addDefaultInterceptors()
            .withConverter(Duration.class, 200, new DurationConverter())
            .build()
            .getConfigMapping(CountersignConfig.class);

    SigningWiringTest(@TempDir Path dataDir) {
        this.folder = new KeyFolder(dataDir, KeyPurpose.PRODUCTION);
    }

    /** A PKCS#11 token as far as a ring is concerned. */
    private static final class Elsewhere implements KeyVault {
        @Override
        public Made make(SigningAlgorithm algorithm) {
            try {
                var key = new ECKeyGenerator(Curve.P_256)
                        .algorithm(algorithm.jws())
                        .keyUse(KeyUse.SIGNATURE)
                        .keyIDFromThumbprint(true)
                        .generate()
                        .toPublicJWK();
                return new Made(key, new RingKey.Home.InToken(key.getKeyID()));
            } catch (JOSEException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public Seal open(RingKey key) {
            return _ -> {};
        }

        @Override
        public void destroy(RingKey key) {}
    }

    private void start(KeyVaults vaults) {
        var changes = new KeyChanges(folder, vaults);
        var schedule = wiring.schedule(config, folder, vaults, changes, CLOCK);
        var _ = wiring.signingRing(config, folder, vaults, changes, schedule, CLOCK, new SimpleMeterRegistry());
    }

    private KeyVaults vaults(Optional<KeyVault> token) {
        return new KeyVaults(new FileVault(folder, Objects.requireNonNull(Security.getProvider("SunEC"))), token);
    }

    /** The key in a file would take over from the one in the token once the settings are back. */
    @Test
    void startWithoutTheTokensSettingsLeavesNoKeyInAFileBehind() throws Exception {
        start(vaults(Optional.of(new Elsewhere())));
        String before = Files.readString(folder.ringFile());
        var stopped = assertThrows(IllegalStateException.class, () -> start(vaults(Optional.empty())));
        assertInstanceOf(KeyTroubleException.class, stopped.getCause());
        assertEquals(before, Files.readString(folder.ringFile()));
    }

    @Test
    void keyOfAFileGivesWayToOneInTheToken() throws Exception {
        start(vaults(Optional.empty()));
        start(vaults(Optional.of(new Elsewhere())));
        var keys = folder.ring().orElseThrow().keys();
        assertEquals(2, keys.size());
        assertInstanceOf(RingKey.Home.InToken.class, keys.getLast().home());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-1S", "PT0S", "PT0.5S", "PT5M1S", "PT24H"})
    void lifetimeOfTokensThatCannotBeStopsTheStart(String lifetime) {
        var stopped = assertThrows(
                IllegalArgumentException.class,
                () -> new TokenTerms("http://localhost", Duration.parse(lifetime), Assurance.PRODUCTION));
        assertTrue(String.valueOf(stopped.getMessage()).contains("countersign.token.lifetime"));
    }
}
