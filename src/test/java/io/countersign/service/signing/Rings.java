package io.countersign.service.signing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.countersign.service.signing.RingKey.Home;
import java.security.Provider;
import java.security.Security;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Keys and rings for tests, with times in seconds from a beginning. */
final class Rings {
    static final Instant BEGINNING = Instant.parse("2026-06-01T00:00:00Z");
    static final Provider JDK = Objects.requireNonNull(Security.getProvider("SunEC"));

    private Rings() {}

    static Instant at(long seconds) {
        return BEGINNING.plusSeconds(seconds);
    }

    static RingKey key(long activeFrom) {
        return key(SigningAlgorithm.ES256, activeFrom, Optional.empty());
    }

    static RingKey withdrawn(long activeFrom, long withdrawnAt) {
        return key(SigningAlgorithm.ES256, activeFrom, Optional.of(at(withdrawnAt)));
    }

    static RingKey key(SigningAlgorithm algorithm, long activeFrom, Optional<Instant> withdrawnAt) {
        try {
            ECKey jwk = new ECKeyGenerator(algorithm.curve())
                    .algorithm(algorithm.jws())
                    .keyUse(KeyUse.SIGNATURE)
                    .keyIDFromThumbprint(true)
                    .generate()
                    .toPublicJWK();
            return new RingKey(jwk, algorithm, new Home.InFile(jwk.getKeyID() + ".jwk"), at(activeFrom), withdrawnAt);
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    static KeyRing ring(RingKey... keys) {
        return new KeyRing(Arrays.asList(keys));
    }

    static KeyVaults files(KeyFolder folder) {
        return new KeyVaults(new FileVault(folder, JDK), Optional.empty());
    }

    static KeyChanges changes(KeyFolder folder) {
        return new KeyChanges(folder, files(folder));
    }

    /** A clock that stands where a test puts it. */
    static final class Hand implements InstantSource {
        private final AtomicReference<Instant> now;

        Hand(Instant now) {
            this.now = new AtomicReference<>(now);
        }

        @Override
        public Instant instant() {
            return now.get();
        }

        void put(Instant at) {
            now.set(at);
        }

        void moveOn(Duration by) {
            now.updateAndGet(before -> before.plus(by));
        }
    }

    /** Counts what it is told. */
    static final class Counts implements SigningObserver {
        int read;
        int unreadable;
        int failed;

        @Override
        public void read() {
            read++;
        }

        @Override
        public void unreadable() {
            unreadable++;
        }

        @Override
        public void failed() {
            failed++;
        }
    }
}
