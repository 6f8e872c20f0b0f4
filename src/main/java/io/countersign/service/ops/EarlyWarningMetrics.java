package io.countersign.service.ops;

import io.countersign.service.earlywarning.EarlyWarningObserver;
import io.countersign.service.earlywarning.RoundSummary;
import io.countersign.trial.Forecast.Standing;
import io.countersign.trial.Outlook;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** How the platforms seen lately will fare; no machine can be told from it. There from the start, so that alarms see each step. */
public final class EarlyWarningMetrics implements EarlyWarningObserver {
    private record Remembered(int entries, long drivenOut) {}

    private final AtomicReference<Optional<RoundSummary>> last = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<Instant>> complete = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Remembered> remembered = new AtomicReference<>(new Remembered(0, 0));

    /**
     * Registers every gauge.
     *
     * @param tees the types of evidence that CPUs have
     */
    public EarlyWarningMetrics(MeterRegistry registry, List<String> tees) {
        for (String tee : tees) {
            for (Standing standing : Standing.values()) {
                gauge("platforms", summary -> summary.count(tee, standing), 0)
                        .description(
                                "platforms seen lately, by how they stand to what the vendors have published to count later")
                        .tags("tee", tee, "standing", standing.word())
                        .register(registry);
            }
            Stream.concat(Stream.of(Duration.ZERO), Outlook.AHEAD.stream())
                    .forEach(within -> gauge("ending", summary -> summary.count(tee, within), 0)
                            .description("platforms that will be refused within that time though nothing else changes")
                            .tags("tee", tee, "within", within.isZero() ? "now" : within.toDays() + "d")
                            .register(registry));
        }
        for (String tee : tees.stream().filter(each -> !each.equals("sev-snp")).toList()) {
            number(registry, tee, "early", RoundSummary::early);
            number(registry, tee, "in-force", RoundSummary::inForce);
        }
        Gauge.builder("countersign.early.warning.checked", complete, at -> at.get()
                        .map(Instant::getEpochSecond)
                        .orElse(0L))
                .description("when all of it was last known, since 1970-01-01T00:00:00Z; 0 before the first time")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("countersign.early.warning.remembered", remembered, each -> each.get()
                        .entries())
                .description("entries that are remembered: one for each platform and policy")
                .register(registry);
        FunctionCounter.builder("countersign.early.warning.driven.out", remembered, each -> each.get()
                        .drivenOut())
                .description("entries that went, or were not taken, for want of room")
                .register(registry);
    }

    private Gauge.Builder<?> gauge(String name, ToDoubleFunction<RoundSummary> value, double otherwise) {
        return Gauge.builder("countersign.early.warning." + name, last, summary -> summary.get()
                .map(value::applyAsDouble)
                .orElse(otherwise));
    }

    private void number(
            MeterRegistry registry,
            String tee,
            String channel,
            java.util.function.Function<RoundSummary, Map<String, Long>> numbers) {
        gauge(
                        "evaluation.data.number",
                        summary -> Optional.ofNullable(numbers.apply(summary).get(tee))
                                .map(Long::doubleValue)
                                .orElse(Double.NaN),
                        Double.NaN)
                .description(
                        "Intel's TCB evaluation data number: the newest of the early channel, and the newest that judged a platform")
                .tags("tee", tee, "channel", channel)
                .register(registry);
    }

    @Override
    public void remembered(int entries, long drivenOut) {
        remembered.set(new Remembered(entries, drivenOut));
    }

    @Override
    public void looked(RoundSummary summary) {
        last.set(Optional.of(summary));
        if (summary.troubles().isEmpty()) {
            complete.set(Optional.of(summary.at()));
        }
    }

    /** The last look at all of them; empty before the first. */
    public Optional<RoundSummary> last() {
        return last.get();
    }

    /** When all of it was last known. */
    public Optional<Instant> complete() {
        return complete.get();
    }
}
