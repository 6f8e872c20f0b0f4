package io.countersign.service.wiring;

import io.countersign.service.appraisal.Bystander;
import io.countersign.service.appraisal.Bystanders;
import io.countersign.service.config.CountersignConfig;
import io.countersign.service.ops.RecordingMetrics;
import io.countersign.service.ops.ShadowMetrics;
import io.countersign.service.policies.PolicyLibrary;
import io.countersign.service.recording.CaseRecorder;
import io.countersign.service.recording.Recordings;
import io.countersign.service.shadow.Shadows;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** What learns of verdicts: the recorder where a folder is named, and the shadow policies. */
@Singleton
class TrialWiring {
    private static final Logger LOG = Logger.getLogger("io.countersign");

    /** What there is to close. */
    record Watching(Optional<CaseRecorder> recorder, Shadows shadows) {}

    @Produces
    @Singleton
    Watching watching(CountersignConfig config, PolicyLibrary policies, MeterRegistry registry, InstantSource clock) {
        return new Watching(
                recorder(config.recording(), new RecordingMetrics(registry), clock),
                new Shadows(id -> shadowsOf(id, policies), new ShadowMetrics(registry)));
    }

    private static Optional<CaseRecorder> recorder(
            CountersignConfig.Recording config, RecordingMetrics metrics, InstantSource clock) {
        CaseRecorder.What what =
                switch (config.what()) {
                    case "attestations" -> CaseRecorder.What.ATTESTATIONS;
                    case "all" -> CaseRecorder.What.ALL;
                    default ->
                        throw new IllegalArgumentException(
                                "countersign.recording.what is attestations or all, not " + config.what());
                };
        return config.dir().map(dir -> {
            LOG.warnf(
                    "RECORDING: evidence with the identifiers of machines is written to %s, up to %d bytes and %d cases (%s)."
                            + " Leave countersign.recording.dir unset to record nothing.",
                    dir, config.maxBytes(), config.maxCases(), config.what());
            Recordings recordings = Recordings.open(dir, config.maxBytes(), config.maxCases());
            metrics.kept(recordings);
            return new CaseRecorder(recordings, what, metrics, clock);
        });
    }

    private static List<AppraisalPolicy> shadowsOf(String id, PolicyLibrary policies) {
        return policies.entries().stream()
                .flatMap(entry -> entry.active().stream())
                .filter(policy -> policy.shadowOf().filter(id::equals).isPresent())
                .toList();
    }

    @Produces
    @Singleton
    Bystanders bystanders(Watching watching, ObserveWiring.Watchers watchers, EarlyWarningWiring.Warning warning) {
        var all = new ArrayList<Bystander>(List.of(watching.shadows()));
        all.addAll(watchers.all());
        watching.recorder().ifPresent(all::add);
        warning.watching().ifPresent(all::add);
        return new Bystanders(all);
    }

    void close(@Disposes Watching watching) {
        watching.recorder().ifPresent(CaseRecorder::close);
        watching.shadows().close();
    }
}
