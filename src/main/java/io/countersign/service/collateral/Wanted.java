package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.EndorsementRef;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** One reference and everything that belongs to it. */
record Wanted(EndorsementRef ref, EndorsementSource source, EndorsementTraits traits) {
    static Wanted of(EndorsementRef ref, EndorsementSource source) {
        return new Wanted(ref, source, source.traits(ref));
    }

    Reading read(Bytes content) {
        return source.read(ref, content);
    }

    Bytes canonical(Bytes content) {
        return source.canonical(ref, content);
    }

    List<URI> origins() {
        return source.origins(ref);
    }

    Fetched fetch(URI origin, Duration atMost) {
        return source.fetch(ref, origin, atMost);
    }

    String kind() {
        return traits.kind();
    }
}
