package io.countersign.imports.corim;

import io.countersign.imports.ImportException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a signer says of itself under its signature: as CWT claims (RFC 8392, RFC 9597), or as corim-meta of earlier drafts. */
record Statement(Node place, String signer, Validity validity) {
    private static final Map<Long, String> CLAIMS =
            Map.of(1L, "iss", 2L, "sub", 3L, "aud", 4L, "exp", 5L, "nbf", 6L, "iat", 7L, "cti");
    private static final Map<Long, String> META = Map.of(0L, "signer", 1L, "signature-validity");
    private static final Map<Long, String> SIGNER = Map.of(0L, "signer-name", 1L, "signer-uri");
    static final Map<Long, String> VALIDITY = Map.of(0L, "not-before", 1L, "not-after");

    static Statement ofClaims(Node claims) throws ImportException {
        Map<Long, Node> members = claims.openMembers(CLAIMS);
        Node issuer = members.get(1L);
        if (issuer == null) {
            throw claims.refused("there is no iss, which names the signer");
        }
        return new Statement(claims, issuer.text(), new Validity(time(members.get(5L)), time(members.get(4L))));
    }

    static Statement ofMeta(Node meta) throws ImportException {
        Node map = meta.embedded();
        Map<Long, Node> members = map.members(META);
        Node signer = members.get(0L);
        if (signer == null) {
            throw map.refused("there is no signer");
        }
        Node name = signer.members(SIGNER).get(0L);
        if (name == null) {
            throw signer.refused("there is no signer-name");
        }
        return new Statement(map, name.text(), validity(members.get(1L)));
    }

    /** validity-map: not-before may be missing, not-after must not. */
    static Validity validity(@Nullable Node node) throws ImportException {
        if (node == null) {
            return Validity.open();
        }
        Map<Long, Node> members = node.members(VALIDITY);
        if (!members.containsKey(1L)) {
            throw node.refused("there is no not-after");
        }
        return new Validity(time(members.get(0L)), time(members.get(1L)));
    }

    private static Optional<Instant> time(@Nullable Node node) throws ImportException {
        return node == null ? Optional.empty() : Optional.of(node.time());
    }

    /** draft-ietf-rats-corim-11, section 4.2.1: where both are there, they say the same. */
    void requireSameAs(Statement other) throws ImportException {
        if (!signer.equals(other.signer)
                || contradict(validity.notBefore(), other.validity.notBefore())
                || contradict(validity.notAfter(), other.validity.notAfter())) {
            throw place.refused("CWT claims and corim-meta contradict each other about signer or validity");
        }
    }

    private static boolean contradict(Optional<Instant> one, Optional<Instant> other) {
        return one.isPresent() && other.isPresent() && !one.equals(other);
    }
}
