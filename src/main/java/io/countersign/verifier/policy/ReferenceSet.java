package io.countersign.verifier.policy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Named values that a claim may have, with who answers for them and until when.
 *
 * @param claim the claim that the values are of: {@code launch_measurement}
 * @param owner who answers for them, or the empty text
 * @param expires until when any of them counts
 * @param place where that, or else the set, is written
 */
public record ReferenceSet(
        String name,
        String claim,
        String note,
        String owner,
        Optional<Instant> expires,
        List<Value> entries,
        SourcePlace place) {
    /**
     * One value, with an end of its own where it has one.
     *
     * @param note what it is, or the empty text
     */
    public record Value(String text, String note, Optional<Instant> expires, SourcePlace place) {
        boolean liveAt(Instant at) {
            return expires.filter(end -> !at.isBefore(end)).isEmpty();
        }
    }

    public ReferenceSet {
        entries = List.copyOf(entries);
    }

    /** All values, whether or not they still count. */
    public List<String> values() {
        return entries.stream().map(Value::text).toList();
    }

    /** The values that count as long as the set does. */
    List<String> lasting() {
        return entries.stream()
                .filter(value -> value.expires().isEmpty())
                .map(Value::text)
                .toList();
    }

    /** The values that still count then. */
    public List<String> valuesAt(Instant at) {
        boolean ended = expires.filter(end -> !at.isBefore(end)).isPresent();
        return ended
                ? List.of()
                : entries.stream()
                        .filter(value -> value.liveAt(at))
                        .map(Value::text)
                        .toList();
    }

    /** Whether any value still counts. An expired set is as good as absent: no rule that reads it can be met. */
    public boolean liveAt(Instant at) {
        return !valuesAt(at).isEmpty();
    }

    /** When the last of it ended, of what does not count any more then. */
    Optional<Instant> endedAt(Instant at) {
        return Stream.concat(expires.stream(), entries.stream().flatMap(value -> value.expires().stream()))
                .filter(end -> !at.isBefore(end))
                .max(Instant::compareTo);
    }

    /** When a verdict of then stops being supported: at the first end of the set and of the values that counted for it. */
    public Optional<Instant> supportsUntil(Instant at) {
        boolean live = liveAt(at);
        return Stream.concat(
                        expires.stream(),
                        entries.stream()
                                .filter(value -> !live || value.liveAt(at))
                                .flatMap(value -> value.expires().stream()))
                .min(Instant::compareTo);
    }
}
