package io.countersign.service.tracing;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Passes over the trace that a request says it belongs to. Whoever may say so can have every request of his recorded, past
 * any sampling, and can put spans into other people's traces: W3C Trace Context, section 7.
 */
public final class IgnoredParents implements TextMapPropagator {
    private final TextMapPropagator own;

    /** Goes by this one for what is sent. */
    public IgnoredParents(TextMapPropagator own) {
        this.own = own;
    }

    @Override
    public Collection<String> fields() {
        return own.fields();
    }

    @Override
    public <C> void inject(Context context, @Nullable C carrier, TextMapSetter<C> setter) {
        own.inject(context, carrier, setter);
    }

    @Override
    public <C> Context extract(Context context, @Nullable C carrier, TextMapGetter<C> getter) {
        return context;
    }
}
