package io.countersign.service.ops;

import io.countersign.service.store.OnceStore;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * The store in readiness: data, and always up. A replica that cannot spend still appraises, shows and publishes its keys; and
 * since the store is every replica's, taking one away for it would take all.
 */
@Singleton
class StoreHealth {
    @Produces
    @Readiness
    @Singleton
    HealthCheck store(OnceStore store, InstantSource clock) {
        return () -> {
            OnceStore.State state = store.state();
            var response = HealthCheckResponse.named("store").withData("kind", state.kind());
            state.trouble().ifPresent(why -> response.withData("trouble", why));
            state.epochSeen().ifPresent(seen -> response.withData("epoch seen at", seen.toString())
                    .withData(
                            "epoch age in seconds",
                            Duration.between(seen, clock.instant()).toSeconds()));
            return response.up().build();
        };
    }
}
