package io.countersign.service.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.List;
import java.util.Set;

/**
 * Leaves out of the framework's spans what callers wrote where we read nothing: query strings, paths that are not ours, the
 * name of their program. People put tokens and evidence there by mistake, and a trace is kept by others.
 */
public final class DiscreetSpans implements SpanProcessor {
    private static final String LEFT_OUT = "(left out)";
    private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");

    private static final List<AttributeKey<String>> STRANGERS_TEXTS = List.of(
            AttributeKey.stringKey("url.query"),
            AttributeKey.stringKey("url.full"),
            AttributeKey.stringKey("user_agent.original"));

    private static final Set<String> OURS = Set.of(
            "/v1/challenges",
            "/v1/attestations",
            "/v1/appraisals",
            "/v1/appraisals/batch",
            "/v1/evidence/show",
            "/v1/tokens/introspect",
            "/v1/policies",
            "/.well-known/jwks.json",
            "/.well-known/openid-configuration",
            "/insecure/.well-known/openid-configuration");

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
        for (AttributeKey<String> key : STRANGERS_TEXTS) {
            if (span.getAttribute(key) != null) {
                span.setAttribute(key, LEFT_OUT);
            }
        }
        String path = span.getAttribute(PATH);
        if (path != null && !OURS.contains(path)) {
            span.setAttribute(PATH, LEFT_OUT);
        }
    }

    @Override
    public boolean isStartRequired() {
        return true;
    }

    @Override
    public void onEnd(ReadableSpan span) {}

    @Override
    public boolean isEndRequired() {
        return false;
    }
}
