package io.countersign.imports.corim;

import io.countersign.imports.ImportException;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** From when until when something counts; either end may be open. */
record Validity(Optional<Instant> notBefore, Optional<Instant> notAfter) {
    static Validity open() {
        return new Validity(Optional.empty(), Optional.empty());
    }

    /** Refuses, in the name of a place, what does not count at an instant. */
    void requireAt(Instant at, Node place, String what) throws ImportException {
        if (notBefore.isPresent() && at.isBefore(notBefore.get())) {
            throw place.refused("%s counts from %s on, which is after %s. Wait, or ask its maker."
                    .formatted(what, notBefore.get(), at));
        }
        if (notAfter.isPresent() && !at.isBefore(notAfter.get())) {
            throw place.refused("%s ended at %s, which is not after %s. Get a newer one from its maker."
                    .formatted(what, notAfter.get(), at));
        }
    }

    /** The earlier of both ends. */
    Optional<Instant> endWith(Validity other) {
        return Stream.of(notAfter, other.notAfter).flatMap(Optional::stream).min(Instant::compareTo);
    }
}
