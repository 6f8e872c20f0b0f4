package io.countersign.service.api;

import io.quarkus.arc.Arc;
import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;

/**
 * Up or down and nothing behind it, for who may know no more: key ids, versions of policies and addresses of vendors are for
 * operators.
 */
final class HealthStatus {
    private HealthStatus() {}

    static void answer(RoutingContext context) {
        SmallRyeHealthReporter reporter =
                Arc.container().instance(SmallRyeHealthReporter.class).get();
        var loop = context.vertx().getOrCreateContext();
        health(reporter, context.normalizedPath())
                .subscribe()
                .with(
                        health -> loop.runOnContext(_ -> write(context, health)),
                        failure -> loop.runOnContext(_ -> context.fail(failure)));
    }

    private static Uni<SmallRyeHealth> health(SmallRyeHealthReporter reporter, String path) {
        if (path.endsWith("/live")) {
            return reporter.getLivenessAsync();
        }
        if (path.endsWith("/ready")) {
            return reporter.getReadinessAsync();
        }
        if (path.endsWith("/started")) {
            return reporter.getStartupAsync();
        }
        return reporter.getHealthAsync();
    }

    private static void write(RoutingContext context, SmallRyeHealth health) {
        var document = Map.of("status", health.isDown() ? "DOWN" : "UP", "checks", List.of());
        context.response()
                .setStatusCode(health.isDown() ? 503 : 200)
                .putHeader("Content-Type", "application/json; charset=UTF-8")
                .putHeader("Cache-Control", "no-store")
                .end(Buffer.buffer(Json.write(document)));
    }
}
