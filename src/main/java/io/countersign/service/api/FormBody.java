package io.countersign.service.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;

/**
 * Reads a small form as the bytes that it is. The framework's own reader would take it apart, with limits and errors of its
 * own.
 */
final class FormBody {
    /** A token of 8 KiB needs no escapes; twice that leaves room for whoever writes some. */
    static final int MOST = 16 * 1024;

    private FormBody() {}

    static void read(RoutingContext context) {
        var request = context.request();
        Buffer body = Buffer.buffer();
        request.handler(piece -> {
            if (body.length() <= MOST) {
                body.appendBuffer(piece);
            }
            if (body.length() > MOST && !context.failed()) {
                context.fail(413);
            }
        });
        request.exceptionHandler(_ -> context.fail(400));
        request.endHandler(_ -> {
            if (!context.failed()) {
                ((RoutingContextInternal) context).setBody(body);
                context.next();
            }
        });
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            context.response().writeContinue();
        }
        request.resume();
    }
}
