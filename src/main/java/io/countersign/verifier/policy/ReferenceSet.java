package io.countersign.verifier.policy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Named values that a claim may have, with who answers for them and until when.
 *
 * @param claim the claim that the values are of: {@code launch_measurement}
 * @param owner who answers for them, or the empty text
 */
public record ReferenceSet(
        String name, String claim, String note, String owner, Optional<Instant> expires, List<String> values) {
    public ReferenceSet {
        values = List.copyOf(values);
    }

    /** Whether the values still count. An expired set is as good as absent: no rule that reads it can be met. */
    public boolean liveAt(Instant at) {
        return !values.isEmpty() && expires.filter(end -> !at.isBefore(end)).isEmpty();
    }
}
