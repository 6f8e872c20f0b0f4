package io.countersign.service.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/** The body that {@link FrameworkProblems} has read whole, within its bound, before any resource is asked. */
final class Body {
    private Body() {}

    static byte[] of(RoutingContext context) {
        Buffer body = context.body().buffer();
        return body == null ? new byte[0] : body.getBytes();
    }
}
