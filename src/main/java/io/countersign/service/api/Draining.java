package io.countersign.service.api;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * From SIGTERM on, every answer says that its connection ends (RFC 9112, section 9.6). Who keeps connections and balances by
 * connection, as a Kubernetes Service does, would otherwise come back to a replica that is about to be gone.
 */
@Singleton
class Draining {
    /** Before {@link FrameworkProblems}, whose answers say it too. */
    private static final int FIRST = -4;

    private volatile boolean begun;

    void begin(@Observes ShutdownDelayInitiatedEvent told) {
        begun = true;
    }

    void install(@Observes Router router) {
        router.route().order(FIRST).handler(context -> {
            if (begun) {
                context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
            context.next();
        });
    }
}
