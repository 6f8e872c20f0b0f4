package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.EndorsementRef;

/** One reference and everything that belongs to it. */
record Wanted(EndorsementRef ref, EndorsementSource source, EndorsementTraits traits) {
    static Wanted of(EndorsementRef ref, EndorsementSource source) {
        return new Wanted(ref, source, source.traits(ref));
    }

    Reading read(Bytes content) {
        return source.read(ref, content);
    }

    String kind() {
        return traits.kind();
    }
}
