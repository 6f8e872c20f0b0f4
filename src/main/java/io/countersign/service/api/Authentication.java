package io.countersign.service.api;

import io.countersign.service.caller.Caller;
import io.countersign.service.caller.Callers;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

/**
 * Learns who asks, before any resource of the contract does: a caller that says who he is and is not known gets no answer,
 * not even one that anybody would get.
 */
final class Authentication {
    /** Keys, health and pages are read by software that may carry credentials for the gateway in front. */
    private static final String CONTRACT = "/v1/";

    private static final String CALLER = Caller.class.getName();

    private Authentication() {}

    /** Throws a {@code CountersignException} for who is not known. */
    static void learn(RoutingContext context, Callers callers) {
        if (context.normalizedPath().startsWith(CONTRACT)) {
            context.put(CALLER, callers.identify(context.request().headers().getAll(HttpHeaders.AUTHORIZATION)));
        }
    }

    /** Who asks; a request that nobody looked at is our own mistake, and gets no answer. */
    static Caller callerOf(RoutingContext context) {
        Object caller = context.get(CALLER);
        if (caller instanceof Caller known) {
            return known;
        }
        throw new IllegalStateException("nobody looked who sends this request");
    }
}
