package io.countersign.service.wiring;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.audit.Checkpoints;
import io.countersign.service.audit.Entry;
import io.countersign.service.audit.Journal;
import io.countersign.service.audit.Kind;
import io.countersign.service.signing.SigningRing;
import io.countersign.verifier.token.TokenSigner;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** What the audit log is told by the clock: the states of keys, checkpoints, and the end. */
@Singleton
class AuditWatch {
    private static final Logger LOG = Logger.getLogger("io.countersign");

    private final Optional<Journal> journal;
    private final Optional<Checkpoints> checkpoints;
    private final OperatorEvents events;
    private final SigningRing ring;
    private final InstantSource clock;

    AuditWatch(
            AuditWiring.Auditing auditing,
            OperatorEvents events,
            SigningRing ring,
            TokenSigner signer,
            InstantSource clock) {
        this.journal = auditing.journal();
        this.checkpoints = journal.map(each -> new Checkpoints(each, signer, clock));
        this.events = events;
        this.ring = ring;
        this.clock = clock;
    }

    void begin(@Observes StartupEvent started) {
        followKeys();
    }

    @Scheduled(
            every = "${countersign.token.rotation.poll:2s}",
            delayed = "1s",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void followKeys() {
        if (journal.isPresent()) {
            events.keys(ring.standings());
        }
    }

    @Scheduled(
            every = "${countersign.audit.checkpoint-every:1m}",
            delayed = "1s",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void vouch() {
        checkpoints.ifPresent(Checkpoints::make);
    }

    /** What was under way when the service was told to stop may have lines after this one. */
    void end(@Observes ShutdownEvent stopping) {
        journal.ifPresent(each -> {
            try {
                each.write(new Entry(clock.instant(), Kind.STOP, Map.of()));
            } catch (CountersignException e) {
                LOG.errorf(
                        "audit: that the service stops could not be written down (%s)",
                        e.problem().detail());
            }
            vouch();
        });
    }
}
