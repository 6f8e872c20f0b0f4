package io.countersign.service.api;

import io.countersign.service.access.Gate;
import io.countersign.service.api.problem.Problem;
import io.countersign.service.api.problem.ProblemObserver;
import io.countersign.service.config.CountersignConfig;
import io.countersign.service.limits.Limit;
import io.countersign.service.limits.LimitsObserver;
import io.countersign.service.limits.TrustedProxies;
import io.quarkus.virtual.threads.VirtualThreads;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import org.jboss.logging.Logger;

/** Problem documents for what ends before any resource sees it: oversized bodies, unknown paths, broken HTTP. */
final class FrameworkProblems {
    private static final List<Integer> STATUSES = List.of(400, 404, 405, 406, 413, 414, 415, 431, 500, 503);

    private static final Logger LOG = Logger.getLogger(FrameworkProblems.class);

    /** Right before the framework's own limit, which answers without a body: RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT. */
    private static final int BEFORE_THE_FRAMEWORKS_LIMIT = -3;

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final ProblemObserver observer;

    FrameworkProblems(ProblemObserver observer) {
        this.observer = observer;
    }

    void install(
            @Observes Router router,
            CountersignConfig config,
            Gate gate,
            TrustedProxies proxies,
            LimitsObserver limits,
            @VirtualThreads ExecutorService threads) {
        STATUSES.forEach(status -> router.errorHandler(status, context -> answer(context, status)));
        router.route()
                .order(BEFORE_THE_FRAMEWORKS_LIMIT)
                .handler(this::plainFraming)
                .handler(new ReceiveTime(config.limits().receiveTime(), limits, observer))
                .handler(boundedBody(config.limits().requestBytes()))
                .handler(FrameworkProblems::emptyInsteadOfNone)
                // After the body was read, so that whoever is refused reads the answer.
                .handler(context -> {
                    Clients.learn(context, proxies);
                    Authentication.admit(context, gate, threads, problem -> answer(context, problem));
                })
                .failureHandler(context -> {
                    if (context.statusCode() == 413) {
                        limits.refused(Limit.REQUEST_BYTES);
                    }
                    refused(context);
                });
    }

    /**
     * RFC 9112, sections 6.1 and 6.3: a coding that is not understood leaves open where the body ends. The framework would
     * take it for none, and what follows for another request, which whoever stands in front has not seen as one.
     */
    private void plainFraming(RoutingContext context) {
        List<String> codings = context.request().headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        if (codings.isEmpty()
                || (codings.size() == 1 && codings.getFirst().strip().equalsIgnoreCase("chunked"))) {
            context.next();
            return;
        }
        answerAndClose(context, Problems.ofStatus(400), observer);
    }

    /** The last answer on this connection. */
    static void answerAndClose(RoutingContext context, Problem problem, ProblemObserver observer) {
        observer.answered(problem.code());
        Buffer body = Buffer.buffer(Json.write(problem.document()));
        // Written whole and never ended: the framework goes on to the next request when an answer has ended.
        context.response()
                .setStatusCode(problem.code().status())
                .putHeader("Content-Type", Problem.MEDIA_TYPE)
                .putHeader("Cache-Control", "no-store")
                .putHeader("Connection", "close")
                .putHeader("Content-Length", String.valueOf(body.length()))
                .write(body)
                .onComplete(_ -> context.request().connection().close());
    }

    /** Reads bodies up to the limit, whether or not their length is announced. */
    private static Handler<RoutingContext> boundedBody(int limit) {
        var reader = BodyHandler.create(false).setBodyLimit(limit);
        return context -> {
            String type = String.valueOf(context.request().getHeader(HttpHeaders.CONTENT_TYPE))
                    .toLowerCase(Locale.ROOT);
            boolean form = type.startsWith("application/x-www-form-urlencoded");
            if (form && context.normalizedPath().equals(IntrospectionResource.PATH)) {
                FormBody.read(context);
            } else if (form || type.startsWith("multipart/")) {
                // Other forms are read by nobody here; the resources refuse them.
                context.next();
            } else {
                reader.handle(context);
            }
        };
    }

    /** The reader leaves out a body of no bytes; the resources would then wait for one that has been read already. */
    private static void emptyInsteadOfNone(RoutingContext context) {
        if (context.request().isEnded() && context.body().buffer() == null) {
            ((RoutingContextInternal) context).setBody(Buffer.buffer());
        }
        context.next();
    }

    /** What fails outside the resources; the framework's own page for it is neither a problem document nor discreet. */
    private void refused(RoutingContext context) {
        if (context.response().headWritten()
                || context.response().closed()
                || context.failure() instanceof HttpClosedException) {
            // The connection ended while the body was being read; there is nobody to answer, and nothing of ours went
            // wrong.
            return;
        }
        int status = context.statusCode();
        if (status < 400 || status >= 500) {
            LOG.error("a request failed before any resource answered it", context.failure());
            status = 500;
        }
        answer(context, status);
    }

    private void answer(RoutingContext context, int status) {
        var response = context.response();
        if (response.ended() || response.headWritten()) {
            return;
        }
        if (status == 413) {
            response.putHeader("Connection", "close");
        }
        answer(context, Problems.ofStatus(status));
        if (status == 413) {
            dropTheRest(context);
        }
    }

    private void answer(RoutingContext context, Problem problem) {
        observer.answered(problem.code());
        var response = context.response();
        response.setStatusCode(problem.code().status())
                .putHeader("Content-Type", Problem.MEDIA_TYPE)
                .putHeader("Cache-Control", "no-store");
        Problems.headers(problem).forEach(response::putHeader);
        response.end(Buffer.buffer(Json.write(problem.document())));
    }

    /** A connection that is closed while bytes are unread may lose the answer; so they are read for a while, and dropped. */
    private static void dropTheRest(RoutingContext context) {
        var request = context.request();
        if (request.isEnded()) {
            return;
        }
        long timer = context.vertx()
                .setTimer(PATIENCE.toMillis(), _ -> request.connection().close());
        request.handler(_ -> {});
        request.exceptionHandler(_ -> {});
        request.endHandler(_ -> context.vertx().cancelTimer(timer));
        request.resume();
    }
}
