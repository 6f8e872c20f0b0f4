package io.countersign.service.signing;

import io.countersign.service.signing.Standing.State;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Everything that changes a ring. One at a time, whoever makes it: the service, another replica, a command. */
public final class KeyChanges {
    private final KeyFolder folder;
    private final KeyVaults vaults;

    /** What became of a rotation. */
    public sealed interface Rotation {
        /** A key was added. */
        record Added(RingKey key, KeyRing ring) implements Rotation {}

        /** Nothing was changed: one waits already. */
        record Waits(RingKey next, KeyRing ring) implements Rotation {}

        /** Nothing was changed: under the lock, there was no reason any more. */
        record NotDue(KeyRing ring) implements Rotation {}
    }

    /** Whether a withdrawn key that signed is replaced when no next one waits. */
    public enum Replacement {
        MAKE,
        NONE
    }

    /**
     * What a withdrawal did.
     *
     * @param signsNow the key that signs from now on, when the withdrawn one did
     */
    public record Withdrawal(RingKey withdrawn, State was, Optional<RingKey> signsNow, KeyRing ring) {}

    public KeyChanges(KeyFolder folder, KeyVaults vaults) {
        this.folder = folder;
        this.vaults = vaults;
    }

    /** The ring; where there is none, the key from before there were rings becomes its first, or a new one is made. */
    public KeyRing ringOrFirst(SigningAlgorithm algorithm, Instant now) throws KeyTroubleException {
        Optional<KeyRing> ring = folder.ring();
        if (ring.isPresent()) {
            return ring.get();
        }
        if (folder.access() == KeyFolder.Access.READ_ONLY) {
            // A mounted Secret of one key: a ring of one needs no file.
            return fromBeforeRings(algorithm, now)
                    .orElseThrow(() -> new KeyTroubleException(
                            "%s holds no signing key, and this process cannot make one there: make it with \"countersign keys rotate\" where the folder can be written"
                                    .formatted(folder.path())));
        }
        return folder.locked(() -> {
            Optional<KeyRing> meanwhile = folder.ring();
            if (meanwhile.isPresent()) {
                return meanwhile.get();
            }
            Optional<KeyRing> before = fromBeforeRings(algorithm, now);
            KeyRing first = before.isPresent() ? before.get() : new KeyRing(List.of(made(algorithm, seconds(now))));
            folder.write(first);
            return first;
        });
    }

    /** The key of the configured algorithm, which was the one in use, or else the other. */
    public Optional<KeyRing> fromBeforeRings(SigningAlgorithm algorithm, Instant now) throws KeyTroubleException {
        Optional<RingKey> key = vaults.files().fromBeforeRings(algorithm, seconds(now));
        for (SigningAlgorithm other : SigningAlgorithm.values()) {
            if (key.isEmpty()) {
                key = vaults.files().fromBeforeRings(other, seconds(now));
            }
        }
        return key.map(first -> new KeyRing(List.of(first)));
    }

    /** Adds a key, unless one waits already or the reason is gone by the time nobody else changes the ring. */
    public Rotation rotate(SigningAlgorithm algorithm, Instant activeFrom, Instant now, Predicate<KeyRing> due)
            throws KeyTroubleException {
        return folder.locked(() -> {
            KeyRing ring = present();
            Optional<RingKey> next = ring.next(now);
            if (next.isPresent()) {
                return new Rotation.Waits(next.get(), ring);
            }
            if (!due.test(ring)) {
                return new Rotation.NotDue(ring);
            }
            Instant from = later(seconds(activeFrom), ring.active(now).map(RingKey::activeFrom));
            RingKey added = made(algorithm, from);
            KeyRing grown = with(ring, added);
            folder.write(grown);
            return new Rotation.Added(added, grown);
        });
    }

    /** Withdraws a key. When it signed, the next one signs at once, or a new one. */
    public Withdrawal withdraw(String kid, Instant now, Replacement replacement) throws KeyTroubleException {
        return folder.locked(() -> {
            KeyRing ring = present();
            Standing standing = ring.at(now).stream()
                    .filter(each -> each.key().kid().equals(kid))
                    .findFirst()
                    .orElseThrow(() -> new KeyTroubleException(
                            "the ring holds no key %s; \"countersign keys list\" shows those it holds".formatted(kid)));
            if (!standing.published()) {
                throw new KeyTroubleException("the key %s is %s".formatted(kid, standing.words()));
            }
            Instant at = seconds(now);
            KeyRing without = replaced(ring, standing.key().withdrawn(at));
            if (standing.state() != State.ACTIVE) {
                folder.write(without);
                return new Withdrawal(standing.key(), standing.state(), Optional.empty(), without);
            }
            Optional<RingKey> successor = without.active(now);
            KeyRing after;
            Optional<RingKey> signsNow;
            if (successor.isPresent()) {
                // Said in the ring, so that a key added later cannot come before its turn.
                signsNow = successor.map(key -> key.activeFrom().isAfter(at) ? key.activeFrom(at) : key);
                after = replaced(without, signsNow.get());
            } else if (replacement == Replacement.MAKE) {
                signsNow = Optional.of(made(standing.key().algorithm(), at));
                after = with(without, signsNow.get());
            } else {
                signsNow = Optional.empty();
                after = without;
            }
            folder.write(after);
            return new Withdrawal(standing.key(), standing.state(), signsNow, after);
        });
    }

    /**
     * Forgets keys that are gone or withdrawn, their private halves included. A key is kept while one before it is: it tells
     * since when that one no longer signs. The last one stays too, so that a ring is never empty.
     */
    public List<Standing> prune(Instant now) throws KeyTroubleException {
        return folder.locked(() -> {
            KeyRing ring = present();
            var forgotten = new ArrayList<Standing>();
            for (Standing each : ring.at(now)) {
                boolean last = forgotten.size() == ring.keys().size() - 1;
                if (each.published() || last) {
                    break;
                }
                forgotten.add(each);
            }
            if (forgotten.isEmpty()) {
                return List.of();
            }
            for (Standing each : forgotten) {
                // Whoever cannot delete the private half does not forget where it is.
                vaults.of(each.key());
            }
            var kept = new ArrayList<>(ring.keys());
            forgotten.forEach(each -> kept.remove(each.key()));
            // First the ring: a key that is told of is there.
            folder.write(new KeyRing(kept));
            for (Standing each : forgotten) {
                vaults.of(each.key()).destroy(each.key());
            }
            return List.copyOf(forgotten);
        });
    }

    private KeyRing present() throws KeyTroubleException {
        return folder.ring()
                .orElseThrow(() -> new KeyTroubleException("there is no key ring %s".formatted(folder.ringFile())));
    }

    private RingKey made(SigningAlgorithm algorithm, Instant activeFrom) throws KeyTroubleException {
        KeyVault.Made made = vaults.forNewKeys().make(algorithm);
        return new RingKey(made.publicJwk(), algorithm, made.home(), activeFrom, Optional.empty());
    }

    private static KeyRing with(KeyRing ring, RingKey added) throws KeyTroubleException {
        var keys = new ArrayList<>(ring.keys());
        keys.add(added);
        if (keys.size() > RingDocument.MOST_KEYS) {
            throw new KeyTroubleException(
                    "the ring holds %d keys already; \"countersign keys prune\" forgets those that are gone"
                            .formatted(RingDocument.MOST_KEYS));
        }
        return new KeyRing(keys);
    }

    private static KeyRing replaced(KeyRing ring, RingKey changed) {
        return new KeyRing(ring.keys().stream()
                .map(key -> key.kid().equals(changed.kid()) ? changed : key)
                .toList());
    }

    private static Instant later(Instant wanted, Optional<Instant> atLeast) {
        return atLeast.filter(wanted::isBefore).orElse(wanted);
    }

    private static Instant seconds(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS);
    }
}
