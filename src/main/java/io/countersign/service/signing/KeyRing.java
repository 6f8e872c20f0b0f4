package io.countersign.service.signing;

import io.countersign.service.signing.Standing.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The signing keys, in the order in which they were added. What each is good for follows from the ring and the time alone,
 * so that replicas with the same ring agree without talking.
 */
public record KeyRing(List<RingKey> keys) {
    public KeyRing {
        keys = List.copyOf(keys);
    }

    /** How every key stands, in the order of their turns. */
    public List<Standing> at(Instant now) {
        // Stable: of two keys with the same time, the one added later has the later turn.
        List<RingKey> turns =
                keys.stream().sorted(Comparator.comparing(RingKey::activeFrom)).toList();
        List<RingKey> counting = turns.stream().filter(KeyRing::hasTurn).toList();
        int begun = (int)
                counting.stream().filter(key -> !key.activeFrom().isAfter(now)).count();
        Optional<RingKey> active = active(counting, begun);
        var standings = new ArrayList<Standing>();
        for (RingKey key : turns) {
            standings.add(
                    key.withdrawnAt().isPresent()
                            ? new Standing(key, State.WITHDRAWN, key.withdrawnAt(), Optional.empty())
                            : standing(key, counting, begun, active, now));
        }
        return List.copyOf(standings);
    }

    /** The key that signs; there is none when it was withdrawn and no other waits. */
    public Optional<RingKey> active(Instant now) {
        return first(now, State.ACTIVE).map(Standing::key);
    }

    /** The key that signs next, when there is one. */
    public Optional<RingKey> next(Instant now) {
        return first(now, State.NEXT).map(Standing::key);
    }

    /** What relying parties find. */
    public List<RingKey> published(Instant now) {
        return at(now).stream().filter(Standing::published).map(Standing::key).toList();
    }

    private Optional<Standing> first(Instant now, State state) {
        return at(now).stream().filter(each -> each.state() == state).findFirst();
    }

    /** A key that was withdrawn before its turn came never had one, so it ended nobody else's. */
    private static boolean hasTurn(RingKey key) {
        return key.withdrawnAt().map(at -> !at.isBefore(key.activeFrom())).orElse(true);
    }

    /**
     * The last whose turn has begun. When that one was withdrawn, the next takes its place at once: an earlier one, which
     * was replaced on purpose, never comes back. Likewise before the first turn, as after a clock went back.
     */
    private static Optional<RingKey> active(List<RingKey> counting, int begun) {
        if (begun > 0 && counting.get(begun - 1).withdrawnAt().isEmpty()) {
            return Optional.of(counting.get(begun - 1));
        }
        return counting.stream()
                .skip(begun)
                .filter(key -> key.withdrawnAt().isEmpty())
                .findFirst();
    }

    private static Standing standing(
            RingKey key, List<RingKey> counting, int begun, Optional<RingKey> active, Instant now) {
        int turn = counting.indexOf(key);
        if (active.filter(key::equals).isPresent()) {
            Optional<Instant> since = turn < begun ? Optional.of(key.activeFrom()) : Optional.empty();
            Optional<Instant> until = counting.stream()
                    .skip(turn + 1L)
                    .filter(later -> later.withdrawnAt().isEmpty())
                    .map(RingKey::activeFrom)
                    .findFirst();
            return new Standing(key, State.ACTIVE, since, until);
        }
        if (turn >= begun) {
            return new Standing(key, State.NEXT, Optional.empty(), Optional.of(key.activeFrom()));
        }
        Instant replaced = counting.get(turn + 1).activeFrom();
        Instant end = replaced.plus(KeyTimes.RETIRING);
        return now.isBefore(end)
                ? new Standing(key, State.RETIRING, Optional.of(replaced), Optional.of(end))
                : new Standing(key, State.GONE, Optional.of(end), Optional.empty());
    }
}
