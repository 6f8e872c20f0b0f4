package io.countersign.imports;

import java.time.Instant;
import java.util.Optional;

/**
 * What whoever imports says about the values: it takes the place of what the source says, but never makes values last longer.
 *
 * @param owner who answers for them
 * @param expires when they end; a source that ends earlier counts
 */
public record Answer(Optional<String> note, Optional<String> owner, Optional<Instant> expires) {
    /** Leaves everything as the source has it. */
    public static Answer none() {
        return new Answer(Optional.empty(), Optional.empty(), Optional.empty());
    }

    ImportedSet over(ImportedSet set) {
        Optional<Instant> end = set.expires()
                .map(own -> expires.filter(own::isAfter).orElse(own))
                .or(() -> expires);
        return new ImportedSet(
                set.name(), set.claim(), note.orElse(set.note()), owner.orElse(set.owner()), end, set.values());
    }
}
