package io.countersign.service.tracing;

import io.countersign.service.collateral.FetchFailure;
import io.countersign.service.collateral.GatheringObserver;
import io.countersign.service.collateral.GatheringWarning;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Duration;

/**
 * A span for each question to a vendor: the kind and the host, never the path, which names machines. It belongs to the first
 * request that wanted the endorsement, and may outlast it.
 */
public final class TracedGathering implements GatheringObserver {
    private final GatheringObserver watched;
    private final Tracer tracer;

    /** Tells all to that one too. */
    public TracedGathering(GatheringObserver watched, Tracer tracer) {
        this.watched = watched;
        this.tracer = tracer;
    }

    @Override
    public Runnable carried(Runnable fetch) {
        return Context.current().wrap(fetch);
    }

    @Override
    public Asking asking(String kind, String host) {
        return new OpenSpan(tracer.spanBuilder("fetch " + kind)
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute("countersign.endorsement", kind)
                .setAttribute("server.address", host))::close;
    }

    @Override
    public void hit(String kind) {
        watched.hit(kind);
    }

    @Override
    public void miss(String kind) {
        watched.miss(kind);
    }

    @Override
    public void fetched(String kind, Duration took) {
        watched.fetched(kind, took);
    }

    @Override
    public void failed(String kind, FetchFailure failure) {
        watched.failed(kind, failure);
    }

    @Override
    public void throttled(String kind) {
        watched.throttled(kind);
    }

    @Override
    public void overloaded(String kind) {
        watched.overloaded(kind);
    }

    @Override
    public void turnedAway(String kind) {
        watched.turnedAway(kind);
    }

    @Override
    public void warned(GatheringWarning warning) {
        watched.warned(warning);
    }
}
