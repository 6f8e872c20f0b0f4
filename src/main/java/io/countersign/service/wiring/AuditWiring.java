package io.countersign.service.wiring;

import io.countersign.service.api.Audited;
import io.countersign.service.audit.Decisions;
import io.countersign.service.audit.Entry;
import io.countersign.service.audit.Journal;
import io.countersign.service.audit.Kind;
import io.countersign.service.audit.LogFolder;
import io.countersign.service.audit.Medium;
import io.countersign.service.audit.StandardOutput;
import io.countersign.service.config.AuditConfig;
import io.countersign.service.config.CountersignConfig;
import io.countersign.service.ops.AuditMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/** The audit log, where one is configured. Whatever is wrong with its folder stops the start with its sentence. */
@Singleton
class AuditWiring {
    private static final Logger LOG = Logger.getLogger("io.countersign");
    private static final Path STANDARD_OUTPUT = Path.of("-");
    private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    /** Twice the requests that may be under way: the queue is full only when the writer is stuck. */
    private static final int QUEUE_TIMES = 2;

    /** What there is to close. */
    record Auditing(Optional<Journal> journal) {}

    @Produces
    @Singleton
    Auditing auditing(
            CountersignConfig config,
            Config all,
            InstantSource clock,
            MeterRegistry registry,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        AuditConfig audit = config.audit();
        within("wait-at-most", audit.waitAtMost(), Duration.ofMillis(10), Duration.ofSeconds(30));
        within("checkpoint-every", audit.checkpointEvery(), Duration.ofSeconds(1), Duration.ofHours(1));
        if (audit.maxFileBytes() < 64 * 1024 || audit.maxFileBytes() > 1024 * 1024 * 1024) {
            throw new IllegalArgumentException(
                    "countersign.audit.max-file-bytes is from 65536 to 1073741824, not " + audit.maxFileBytes());
        }
        return new Auditing(audit.to().map(to -> {
            var metrics = new AuditMetrics(registry);
            Medium medium = medium(to, audit);
            var journal =
                    new Journal(medium, QUEUE_TIMES * config.limits().concurrent(), audit.waitAtMost(), clock, metrics);
            metrics.kept(journal);
            journal.note(new Entry(clock.instant(), Kind.START, start(config, all, version)));
            LOG.infof(
                    "audit: decisions are written to %s, from line %d on",
                    medium.words(), medium.head().seq() + 1);
            return journal;
        }));
    }

    private static Map<String, Object> start(CountersignConfig config, Config all, String version) {
        var members = new LinkedHashMap<String, Object>();
        members.put("version", version);
        config.audit().instance().ifPresent(name -> members.put("instance", name));
        // No two logs begin with the same line, so that none can be taken for another's beginning.
        members.put("run", UUID.randomUUID().toString());
        members.put("config_digest", ConfigDigest.of(all));
        members.put("insecure", config.insecure().enabled());
        return members;
    }

    private static void within(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "countersign.audit.%s is from %s to %s, not %s".formatted(key, least, most, value));
        }
    }

    private static Medium medium(Path to, AuditConfig audit) {
        if (to.equals(STANDARD_OUTPUT)) {
            return new StandardOutput(System.out);
        }
        audit.instance().filter(name -> !INSTANCE.matcher(name).matches()).ifPresent(name -> {
            throw new IllegalArgumentException(
                    "countersign.audit.instance is a name of letters, digits, dots and dashes, 63 at most, not \"%s\""
                            .formatted(name));
        });
        return LogFolder.open(audit.instance().map(to::resolve).orElse(to), audit.maxFileBytes());
    }

    @Produces
    @Singleton
    Decisions decisions(Auditing auditing, CountersignConfig config, InstantSource clock) {
        Set<Kind> left = EnumSet.noneOf(Kind.class);
        if (!config.audit().appraisals()) {
            left.add(Kind.APPRAISAL);
        }
        if (!config.audit().introspections()) {
            left.add(Kind.INTROSPECTION);
        }
        return auditing.journal()
                .map(journal -> Decisions.written(journal, left, clock))
                .orElse(Decisions.UNWRITTEN);
    }

    @Produces
    @Singleton
    Audited audited(Decisions decisions, CountersignConfig config) {
        return new Audited(decisions, config.audit().addresses() ? Audited.Addresses.KEPT : Audited.Addresses.LEFT_OUT);
    }

    @Produces
    @Singleton
    OperatorEvents operatorEvents(Auditing auditing, InstantSource clock) {
        return new OperatorEvents(auditing.journal(), clock);
    }

    /**
     * Not ready while decisions cannot be written down: they are answered 503 here, and a replica with a disk of its own that
     * has room answers them. Where all replicas share one disk, all are taken away.
     */
    @Produces
    @Readiness
    @Singleton
    HealthCheck audit(Auditing auditing) {
        return () -> {
            var response = HealthCheckResponse.named("audit");
            Optional<Journal> journal = auditing.journal();
            if (journal.isEmpty()) {
                return response.withData("written to", "nowhere").up().build();
            }
            response.withData("written to", journal.get().words())
                    .withData("lines", journal.get().head().seq())
                    .withData("head", journal.get().head().hash());
            Optional<String> trouble = journal.get().trouble();
            trouble.ifPresent(why -> response.withData("trouble", why));
            return response.status(trouble.isEmpty()).build();
        };
    }

    void close(@Disposes Auditing auditing) {
        auditing.journal().ifPresent(Journal::close);
    }
}
