package io.countersign.service.ops;

import io.countersign.service.audit.Journal;
import io.countersign.service.audit.JournalObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** How many lines the audit log has taken, how long that takes, and whether it takes any. */
public final class AuditMetrics implements JournalObserver {
    private static final String LINES = "countersign.audit.lines";

    private final MeterRegistry registry;
    private final Counter written;
    private final Counter failed;
    private final Timer sync;

    public AuditMetrics(MeterRegistry registry) {
        this.registry = registry;
        // There from the start, so that alarms see the first step from 0 to 1.
        this.written = registry.counter(LINES, "outcome", "written");
        this.failed = registry.counter(LINES, "outcome", "failed");
        this.sync = Timer.builder("countersign.audit.sync")
                .description("time to write lines and make them durable, for all that wait together")
                .publishPercentileHistogram(false)
                .register(registry);
    }

    /** Shows how the log is. */
    public void kept(Journal journal) {
        Gauge.builder("countersign.audit.up", journal, each -> each.trouble().isEmpty() ? 1 : 0)
                .description("1 while decisions can be written down; 0 while they are refused because they cannot")
                .strongReference(true)
                .register(registry);
        Gauge.builder("countersign.audit.seq", journal, each -> each.head().seq())
                .description("number of the last line, to compare with what was shipped")
                .strongReference(true)
                .register(registry);
    }

    @Override
    public void written(int lines, Duration took) {
        written.increment(lines);
        sync.record(took);
    }

    @Override
    public void failed() {
        failed.increment();
    }
}
