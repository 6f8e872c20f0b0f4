package io.countersign.service.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;

/** What is taken from callers into traces; whether there are any, and where they go, says quarkus.otel. */
public interface TracesConfig {
    /**
     * Whether the header traceparent of a request is followed. Only where everybody who reaches the service may have any
     * request recorded, past every sampling, and may put spans into any trace.
     */
    @WithName("follow-callers")
    @WithDefault("false")
    boolean followCallers();
}
