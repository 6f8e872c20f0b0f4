package io.countersign.service.wiring;

import io.countersign.service.api.problem.ProblemObserver;
import io.countersign.service.appraisal.AttestationService.TokenTerms;
import io.countersign.service.appraisal.Bystander;
import io.countersign.service.audit.Docket;
import io.countersign.service.collateral.GatheringObserver;
import io.countersign.service.config.CountersignConfig;
import io.countersign.service.limits.LimitsObserver;
import io.countersign.service.limits.VerbsInTime;
import io.countersign.service.ops.GatheringMetrics;
import io.countersign.service.ops.ProblemMetrics;
import io.countersign.service.ops.RequestMeters;
import io.countersign.service.ops.ServiceGauges;
import io.countersign.service.ops.TimedVerbs;
import io.countersign.service.ops.VerdictMetrics;
import io.countersign.service.policies.PolicyLibrary;
import io.countersign.service.signing.SigningRing;
import io.countersign.service.tracing.DiscreetSpans;
import io.countersign.service.tracing.IgnoredParents;
import io.countersign.service.tracing.TracedGathering;
import io.countersign.service.tracing.TracedVerbs;
import io.countersign.service.tracing.TracedVerdicts;
import io.countersign.service.verbs.Verbs;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.quarkus.opentelemetry.runtime.propagation.TextMapPropagatorCustomizer;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What an operator sees of the service: metrics always, traces where they are switched on. */
@Singleton
class ObserveWiring {
    private final boolean traces;

    ObserveWiring(@ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean disabled) {
        this.traces = !disabled;
    }

    /** Those that learn of verdicts for metrics and traces. */
    record Watchers(List<Bystander> all) {}

    @Produces
    @Singleton
    MeterFilter requestMeters() {
        return new RequestMeters();
    }

    @Produces
    @Singleton
    Verbs verbs(MeterRegistry registry, Tracer tracer, LimitsObserver limits) {
        var timed = new TimedVerbs(registry);
        return new VerbsInTime(Docket.TIMES.and(traces ? new TracedVerbs(timed, tracer) : timed), limits);
    }

    @Produces
    @Singleton
    GatheringObserver gathering(MeterRegistry registry, Tracer tracer, LimitsObserver limits) {
        var counted = new GatheringMetrics(registry, limits);
        return traces ? new TracedGathering(counted, tracer) : counted;
    }

    @Produces
    @Singleton
    Watchers watchers(MeterRegistry registry) {
        var all = new ArrayList<Bystander>(List.of(new VerdictMetrics(registry)));
        if (traces) {
            all.add(new TracedVerdicts());
        }
        return new Watchers(List.copyOf(all));
    }

    @Produces
    @Singleton
    ProblemObserver problems(MeterRegistry registry) {
        return new ProblemMetrics(registry);
    }

    @Produces
    @Singleton
    SpanProcessor discreetSpans() {
        return new DiscreetSpans();
    }

    /** Whose word about traces is taken. */
    @Produces
    @Singleton
    TextMapPropagatorCustomizer parents(CountersignConfig config) {
        return context -> parents(context.propagator(), config);
    }

    private static TextMapPropagator parents(TextMapPropagator own, CountersignConfig config) {
        return config.traces().followCallers() ? own : new IgnoredParents(own);
    }

    void show(
            @Observes StartupEvent started,
            MeterRegistry registry,
            InstantSource clock,
            TokenTerms terms,
            SigningRing ring,
            PolicyLibrary library,
            CountersignConfig config) {
        new ServiceGauges(ring, library, config.defaultPolicy()).show(registry, clock, terms.assurance());
    }
}
