package io.countersign.service.tracing;

import io.countersign.service.verbs.Verb;
import io.countersign.service.verbs.Verbs;
import io.opentelemetry.api.trace.Tracer;

/** A span for each verb, within which whatever the verb starts has its own. */
public final class TracedVerbs implements Verbs {
    private final Verbs watched;
    private final Tracer tracer;

    /** Watches what is watched already. */
    public TracedVerbs(Verbs watched, Tracer tracer) {
        this.watched = watched;
        this.tracer = tracer;
    }

    @Override
    public Step begin(Verb verb) {
        Step step = watched.begin(verb);
        var span = new OpenSpan(tracer.spanBuilder(verb.word()));
        return () -> {
            span.close();
            step.close();
        };
    }
}
