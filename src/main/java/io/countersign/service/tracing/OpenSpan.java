package io.countersign.service.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.context.Scope;

/** A span that is the thread's current one until it ends. */
final class OpenSpan implements AutoCloseable {
    private final Span span;
    private final Scope scope;

    /** Begins; closed here, by whoever holds this in a try. */
    @SuppressWarnings("MustBeClosedChecker")
    OpenSpan(SpanBuilder builder) {
        this.span = builder.startSpan();
        this.scope = span.makeCurrent();
    }

    @Override
    public void close() {
        scope.close();
        span.end();
    }
}
