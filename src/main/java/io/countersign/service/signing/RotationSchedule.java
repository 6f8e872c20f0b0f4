package io.countersign.service.signing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/** Publishes a next key when the one that signs is old enough, or is not as configured. */
public final class RotationSchedule {
    private static final Logger LOG = Logger.getLogger("io.countersign");

    private final KeyFolder folder;
    private final KeyVaults vaults;
    private final KeyChanges changes;
    private final Terms terms;
    private final InstantSource clock;
    private final AtomicReference<Optional<String>> trouble = new AtomicReference<>(Optional.empty());

    /**
     * What is configured.
     *
     * @param every how old the active key may become; without it only a command rotates
     * @param overlap how long a key is published before it signs
     */
    public record Terms(SigningAlgorithm algorithm, Optional<Duration> every, Duration overlap) {
        /** Refuses what would make relying parties meet keys that they do not know. */
        public Terms {
            if (overlap.compareTo(KeyTimes.LEAST_OVERLAP) < 0) {
                throw new IllegalArgumentException(
                        "countersign.token.rotation.overlap is at least %d s, not %d s: relying parties keep the key set for %d s, and clocks differ by up to %d s, so a key that signs sooner is met before it is known"
                                .formatted(
                                        KeyTimes.LEAST_OVERLAP.toSeconds(),
                                        overlap.toSeconds(),
                                        KeyTimes.CACHED.toSeconds(),
                                        KeyTimes.SKEW.toSeconds()));
            }
            Duration least = overlap.plus(KeyTimes.RETIRING);
            every.ifPresent(each -> {
                if (each.compareTo(least) < 0) {
                    throw new IllegalArgumentException(
                            "countersign.token.rotation.every is at least %d s with this overlap, not %d s: a key is published for so long before and after it signs"
                                    .formatted(least.toSeconds(), each.toSeconds()));
                }
            });
        }
    }

    /** Refuses a schedule for a folder that cannot be written. */
    public RotationSchedule(KeyFolder folder, KeyVaults vaults, KeyChanges changes, Terms terms, InstantSource clock)
            throws KeyTroubleException {
        if (terms.every().isPresent() && folder.access() == KeyFolder.Access.READ_ONLY) {
            throw new KeyTroubleException(
                    "countersign.token.rotation.every is set, but this process cannot write %s: leave it unset, and rotate with \"countersign keys rotate\" where the folder can be written"
                            .formatted(folder.path()));
        }
        this.folder = folder;
        this.vaults = vaults;
        this.changes = changes;
        this.terms = terms;
        this.clock = clock;
    }

    /** At start: a key of another algorithm or place than configured gives way to one that is as configured. */
    public void rotateTowardsConfigured(KeyRing ring) throws KeyTroubleException {
        Instant now = clock.instant();
        if (asConfigured(ring, now)) {
            return;
        }
        if (folder.access() == KeyFolder.Access.READ_ONLY) {
            LOG.warnf(
                    "the signing key is not as configured (%s, %s), and this process cannot write %s: it goes on signing",
                    terms.algorithm(), place(), folder.path());
            return;
        }
        changes.rotate(terms.algorithm(), now.plus(terms.overlap()), now, current -> !asConfigured(current, now));
    }

    private String place() {
        return vaults.token().isPresent() ? "PKCS#11 token" : "file";
    }

    private boolean asConfigured(KeyRing ring, Instant now) {
        return ring.next(now)
                .or(() -> ring.active(now))
                .map(key -> key.algorithm() == terms.algorithm() && vaults.wouldMakeThere(key))
                // Every key was withdrawn, and nobody asked for a new one.
                .orElse(true);
    }

    /** Publishes a next key when it is time. Of several replicas with one folder, one does it. */
    public void poll(KeyRing ring) {
        Instant now = clock.instant();
        if (terms.every().isEmpty() || !due(ring, now)) {
            return;
        }
        try {
            changes.rotate(terms.algorithm(), now.plus(terms.overlap()), now, current -> due(current, now));
            trouble.set(Optional.empty());
        } catch (KeyTroubleException e) {
            if (!trouble.getAndSet(Optional.of(e.why())).equals(Optional.of(e.why()))) {
                LOG.errorf("no next signing key can be made: %s. The one that signs goes on.", e.why());
            }
        }
    }

    private boolean due(KeyRing ring, Instant now) {
        return ring.next(now).isEmpty()
                && ring.active(now)
                        .filter(key -> terms.every()
                                .filter(every -> !key.activeFrom().plus(every).isAfter(now))
                                .isPresent())
                        .isPresent();
    }

    /** Why a key that is due cannot be made. */
    public Optional<String> trouble() {
        return trouble.get();
    }
}
