package io.countersign.service.api;

import io.countersign.service.api.problem.Problem;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.api.problem.ProblemObserver;
import io.countersign.service.limits.Limit;
import io.countersign.service.limits.LimitsObserver;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * Bounds the time in which a whole body must arrive. The framework's own time-out starts anew with every byte, so that one
 * byte a minute would hold a connection, and what has arrived of a body, for ever.
 */
final class ReceiveTime implements Handler<RoutingContext> {
    private final Duration time;
    private final LimitsObserver observer;
    private final ProblemObserver problems;

    ReceiveTime(Duration time, LimitsObserver observer, ProblemObserver problems) {
        this.time = time;
        this.observer = observer;
        this.problems = problems;
    }

    @Override
    public void handle(RoutingContext context) {
        var request = context.request();
        boolean announced = request.headers().contains(HttpHeaders.CONTENT_LENGTH)
                || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
        if (announced && !request.isEnded()) {
            long timer = context.vertx().setTimer(time.toMillis(), _ -> tooSlow(context));
            // Also where the answer has gone out before the body was read: it is the connection that is to be freed.
            request.end().onComplete(_ -> context.vertx().cancelTimer(timer));
        }
        context.next();
    }

    private void tooSlow(RoutingContext context) {
        observer.refused(Limit.RECEIVE_TIME);
        if (context.response().headWritten() || context.response().closed()) {
            context.request().connection().close();
            return;
        }
        FrameworkProblems.answerAndClose(
                context,
                Problem.of(
                                ProblemCode.REQUEST_INVALID,
                                "The body did not arrive within %d s.".formatted(Math.max(1, time.toSeconds())),
                                "Send the whole request without pausing; look for a slow network or a proxy that does not buffer.")
                        .with("pointer", ""),
                problems);
    }
}
