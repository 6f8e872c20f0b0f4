package io.countersign.service.ops;

import io.countersign.service.introspection.Introspection;
import io.countersign.service.introspection.IntrospectionObserver;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts answers of introspection, the untold reasons too; no token or machine can be told from it. */
public final class IntrospectionMetrics implements IntrospectionObserver {
    private final MeterRegistry registry;

    public IntrospectionMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void answered(Introspection answer) {
        switch (answer) {
            case Introspection.Active(var _, var singleUse) -> count("true", singleUse.word());
            case Introspection.Inactive(var reason) -> count("false", reason.word());
            case Introspection.Untold(var reason) -> count("false", reason.word());
        }
    }

    private void count(String active, String reason) {
        registry.counter("countersign.introspections", "active", active, "reason", reason)
                .increment();
    }
}
