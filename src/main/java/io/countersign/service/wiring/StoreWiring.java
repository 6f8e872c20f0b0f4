package io.countersign.service.wiring;

import io.countersign.service.appraisal.Challenges;
import io.countersign.service.challenge.ChallengeNonces;
import io.countersign.service.config.CountersignConfig;
import io.countersign.service.ops.MeteredStore;
import io.countersign.service.store.MemoryStore;
import io.countersign.service.store.OnceStore;
import io.countersign.service.store.RedisStore;
import io.countersign.verifier.bytes.Bytes;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;

/** What happens once, and the challenges that rest on it. */
@Singleton
class StoreWiring {
    private static final int SECRET_LENGTH = 32;

    @Produces
    @Singleton
    StoreSettings storeSettings(CountersignConfig config) {
        return StoreSettings.of(config);
    }

    @Produces
    @Singleton
    OnceStore store(StoreSettings settings, InstantSource clock, SecureRandom random, MeterRegistry registry) {
        return new MeteredStore(
                switch (settings) {
                    case StoreSettings.Embedded() -> new MemoryStore(random, clock);
                    case StoreSettings.Shared(var address, var timeout, var prefix, var _) ->
                        RedisStore.start(address, timeout, prefix, clock, random);
                },
                registry);
    }

    void close(@Disposes OnceStore store) {
        if (store instanceof MeteredStore metered) {
            metered.close();
        }
    }

    /** With the embedded store, spent nonces do not survive a restart: so neither does the secret that makes nonces. */
    @Produces
    @Singleton
    ChallengeNonces challengeNonces(StoreSettings settings, OnceStore store, SecureRandom random) {
        Bytes secret =
                switch (settings) {
                    case StoreSettings.Embedded() -> fresh(random);
                    case StoreSettings.Shared shared -> shared.secret();
                };
        return new ChallengeNonces(secret, store, random);
    }

    private static Bytes fresh(SecureRandom random) {
        byte[] secret = new byte[SECRET_LENGTH];
        random.nextBytes(secret);
        return Bytes.copyOf(secret);
    }

    @Produces
    @Singleton
    Challenges challenges(ChallengeNonces nonces, OnceStore store) {
        return new Challenges(nonces, store);
    }
}
