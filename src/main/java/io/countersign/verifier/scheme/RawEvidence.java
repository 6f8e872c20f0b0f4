package io.countersign.verifier.scheme;

import io.countersign.verifier.bytes.Bytes;
import java.util.Map;
import java.util.Optional;

/** The members of one device's evidence as received, decoded from base64 but not yet parsed. */
public record RawEvidence(Map<String, Bytes> members) {
    public RawEvidence {
        members = Map.copyOf(members);
    }

    public Optional<Bytes> member(String name) {
        return Optional.ofNullable(members.get(name));
    }

    /** A member that the scheme declares required; the API refuses requests without it. */
    public Bytes required(String name) {
        return member(name).orElseThrow(() -> new IllegalStateException("required member absent: " + name));
    }
}
