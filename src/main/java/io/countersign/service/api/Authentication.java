package io.countersign.service.api;

import io.countersign.service.access.Asked;
import io.countersign.service.access.Gate;
import io.countersign.service.access.Identification.Pace;
import io.countersign.service.api.problem.Problem;
import io.countersign.service.caller.Caller;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Has the gate decide about every request before any resource sees it, and remembers who asks. */
final class Authentication {
    private static final String CALLER = Caller.class.getName();

    private Authentication() {}

    /**
     * Goes on to the next handler, or ends the request.
     *
     * @param threads where to wait for an issuer, which the event loop must not do
     * @param refuse writes a problem
     */
    static void admit(RoutingContext context, Gate gate, ExecutorService threads, Consumer<Problem> refuse) {
        Asked asked = asked(context);
        if (gate.pace(asked) == Pace.AT_ONCE) {
            conclude(context, gate.decide(asked), refuse);
            return;
        }
        var loop = context.vertx().getOrCreateContext();
        // Forms are not read yet: their bytes must not arrive while nobody listens.
        context.request().pause();
        threads.execute(() -> {
            try {
                Gate.Decision decision = gate.decide(asked);
                loop.runOnContext(_ -> {
                    context.request().resume();
                    conclude(context, decision, refuse);
                });
            } catch (Throwable e) { // an Error too must end the request, or its caller would wait for ever
                loop.runOnContext(_ -> context.fail(e));
            }
        });
    }

    private static void conclude(RoutingContext context, Gate.Decision decision, Consumer<Problem> refuse) {
        switch (decision) {
            case Gate.Decision.Admitted(var caller) -> {
                context.put(CALLER, caller);
                context.next();
            }
            case Gate.Decision.StatusAlone _ -> HealthStatus.answer(context);
            case Gate.Decision.Refused(var problem) -> refuse.accept(problem);
        }
    }

    private static Asked asked(RoutingContext context) {
        return new Asked(
                context.normalizedPath(),
                String.valueOf(context.request().path()),
                context.request().headers().getAll(HttpHeaders.AUTHORIZATION),
                certificates(context.request().sslSession()));
    }

    private static List<X509Certificate> certificates(@Nullable SSLSession session) {
        if (session == null) {
            return List.of();
        }
        try {
            return Stream.of(session.getPeerCertificates())
                    .map((Certificate each) -> (X509Certificate) each)
                    .toList();
        } catch (SSLPeerUnverifiedException _) {
            return List.of(); // TLS without a client certificate
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
