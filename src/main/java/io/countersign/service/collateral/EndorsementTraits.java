package io.countersign.service.collateral;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How one endorsement is kept, queued and counted.
 *
 * @param kind for metrics and health: {@code amd-vcek}
 * @param product the product line, or whatever else tells endorsements of one kind apart without naming a machine
 * @param maxLength in bytes; longer content is not read
 * @param files paths in the folder: the first is written and read, the others are only read
 * @param maxAge how old a copy may grow before a new one is asked for; empty when only its own window counts
 * @param renewBefore how long before it stops being fresh a new copy is asked for
 * @param seenFile where the newest edition that each origin gave out is remembered; empty when it is enough to compare with
 *     the copy in hand
 */
public record EndorsementTraits(
        String kind,
        String product,
        Use use,
        int maxLength,
        List<String> files,
        Optional<Duration> maxAge,
        Duration renewBefore,
        Optional<String> seenFile) {
    public EndorsementTraits {
        files = List.copyOf(files);
    }

    /** Who can make us want it. */
    public enum Use {
        /** There are few, all known in advance. */
        SHARED,
        /** One for each family of machines: few, but known only once genuine evidence has named them. */
        PER_FAMILY,
        /** One for each machine: whoever sends evidence can make up new ones, so fetching has a budget. */
        PER_MACHINE
    }
}
