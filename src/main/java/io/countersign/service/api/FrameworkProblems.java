package io.countersign.service.api;

import io.countersign.service.api.problem.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import java.util.List;

/** Problem documents for what ends before any resource sees it: oversized bodies, unknown paths, broken HTTP. */
final class FrameworkProblems {
    private static final List<Integer> STATUSES = List.of(400, 404, 405, 406, 413, 414, 415, 431, 500, 503);

    void install(@Observes Router router) {
        STATUSES.forEach(status -> router.errorHandler(status, context -> answer(context, status)));
    }

    private static void answer(RoutingContext context, int status) {
        var response = context.response();
        if (response.ended() || response.headWritten()) {
            return;
        }
        Problem problem = Problems.ofStatus(status);
        response.setStatusCode(problem.code().status())
                .putHeader("Content-Type", Problem.MEDIA_TYPE)
                .putHeader("Cache-Control", "no-store");
        if (status == 413) {
            response.putHeader("Connection", "close");
        }
        response.end(Buffer.buffer(Json.write(problem.document())));
    }
}
