package io.countersign.imports.corim;

import io.countersign.imports.ImportException;
import java.math.BigInteger;
import java.util.Map;
import java.util.Set;

/** concise-mid-tag: draft-ietf-rats-corim-11, section 5. */
final class Comid {
    private static final Map<Long, String> MEMBERS = Map.of(
            0L, "language",
            1L, "tag-identity",
            2L, "entities",
            3L, "linked-tags",
            4L, "triples");
    private static final Map<Long, String> IDENTITY = Map.of(0L, "tag-id", 1L, "tag-version");

    private static final long REFERENCE = 0;
    private static final Map<Long, String> TRIPLES = Map.of(
            REFERENCE,
            "reference",
            1L,
            "endorsed",
            2L,
            "identity",
            3L,
            "attest-key",
            4L,
            "dependency",
            5L,
            "membership",
            6L,
            "coswid",
            8L,
            "conditional-endorsement-series",
            10L,
            "conditional-endorsement");

    private Comid() {}

    /**
     * Reads the reference values of one tag.
     *
     * @param seen ids of the tags before it
     */
    static void read(Node node, Profile profile, Findings findings, Set<String> seen) throws ImportException {
        Map<Long, Node> members = node.members(MEMBERS);
        Node identity = members.get(1L);
        Node triples = members.get(4L);
        if (identity == null || triples == null) {
            throw node.refused("a CoMID has a tag-identity and triples");
        }
        Map<Long, Node> named = identity.members(IDENTITY);
        Node id = named.get(0L);
        if (id == null) {
            throw identity.refused("there is no tag-id");
        }
        Node stated = named.get(1L);
        BigInteger version = stated == null ? BigInteger.ZERO : stated.whole();
        if (version.signum() < 0) {
            throw identity.refused("tag-version is below 0");
        }
        if (!seen.add(id.identifier())) {
            throw identity.refused(
                    "the tag %s is there twice, and nothing says which counts".formatted(id.identifier()));
        }
        if (members.containsKey(3L)) {
            findings.remark(
                    "tag %s says that it supplements or replaces others: remove what was imported from those, if it does"
                            .formatted(id.identifier()));
        }
        String tag = "tag %s version %s".formatted(id.identifier(), version);
        for (Map.Entry<Long, Node> each : triples.openMembers(TRIPLES).entrySet()) {
            if (each.getKey() == REFERENCE) {
                for (Node triple : each.getValue().someElements()) {
                    new ReferenceTriple(profile, findings, tag).read(triple);
                }
            } else {
                findings.leftOut(
                        each.getValue(),
                        "%s triples, which are no reference values"
                                .formatted(TRIPLES.getOrDefault(each.getKey(), "unknown")));
            }
        }
    }
}
