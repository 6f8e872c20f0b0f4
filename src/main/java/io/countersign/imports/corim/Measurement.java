package io.countersign.imports.corim;

import io.countersign.imports.ImportException;
import io.countersign.verifier.bytes.Bytes;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** measurement-map: draft-ietf-rats-corim-11, section 5.1.4.1.4. */
record Measurement(Node place, Optional<Item> key, Node values, Map<Long, Node> members, Optional<Node> authorizedBy) {
    static final long DIGESTS = 2;
    static final long RAW_VALUE = 4;
    static final long NAME = 11;
    static final long INTEGRITY_REGISTERS = 14;

    /** tee.mrtee of Intel's profile. */
    static final long MRTEE = -83;

    private static final long BYTES = 560;

    /** Set of digests with an operator, and the operator "member": Intel's profile, section 8. */
    private static final long DIGEST_EXPRESSION = 60020;

    private static final BigInteger MEMBER = BigInteger.valueOf(6);

    private static final Map<Long, String> MEMBERS = Map.of(0L, "mkey", 1L, "mval", 2L, "authorized-by");
    private static final Map<Long, String> VALUES = Map.ofEntries(
            Map.entry(0L, "version"),
            Map.entry(1L, "svn"),
            Map.entry(DIGESTS, "digests"),
            Map.entry(3L, "flags"),
            Map.entry(RAW_VALUE, "raw-value"),
            Map.entry(5L, "raw-value-mask"),
            Map.entry(6L, "mac-addr"),
            Map.entry(7L, "ip-addr"),
            Map.entry(8L, "serial-number"),
            Map.entry(9L, "ueid"),
            Map.entry(10L, "uuid"),
            Map.entry(NAME, "name"),
            Map.entry(13L, "cryptokeys"),
            Map.entry(INTEGRITY_REGISTERS, "integrity-registers"),
            Map.entry(15L, "int-range"),
            Map.entry(MRTEE, "tee.mrtee"));

    static Measurement of(Node node) throws ImportException {
        Map<Long, Node> members = node.members(MEMBERS);
        Node values = members.get(1L);
        if (values == null) {
            throw node.refused("there is no mval");
        }
        return new Measurement(
                node,
                Optional.ofNullable(members.get(0L)).map(Node::item),
                values,
                values.openMembers(VALUES),
                Optional.ofNullable(members.get(2L)));
    }

    /** Members beside those named; each is one more condition, which a list of values cannot carry. A name is none. */
    Set<String> conditionsBeside(Set<Long> read) {
        var beside = new TreeSet<String>();
        members.forEach((key, _) -> {
            if (!read.contains(key) && key != NAME) {
                beside.add(VALUES.getOrDefault(key, "member " + key));
            }
        });
        return beside;
    }

    String name() throws ImportException {
        Node name = members.get(NAME);
        return name == null ? "" : name.text();
    }

    /** The bytes of a raw value without a mask: tag 560. */
    static Optional<Bytes> raw(Node value) {
        return value.item() instanceof Item.Tagged(long tag, Item.Octets(Bytes bytes)) && tag == BYTES
                ? Optional.of(bytes)
                : Optional.empty();
    }

    /** The digests of an array, by hash; refused where one hash is there twice, which the draft forbids. */
    static List<Digest> digests(Node array) throws ImportException {
        var digests = new ArrayList<Digest>();
        var hashes = new HashSet<String>();
        for (Node each : array.someElements()) {
            Digest digest = Digest.of(each);
            if (!hashes.add(digest.hash())) {
                throw each.refused("%s is there twice".formatted(digest.hash()));
            }
            digests.add(digest);
        }
        return digests;
    }

    /** One digest, several, or any of a set: the forms that tee.mrtee may have and that say what is good. */
    static Optional<List<Digest>> ofTee(Node node) throws ImportException {
        if (node.isTagged(DIGEST_EXPRESSION)) {
            List<Node> expression =
                    node.within(DIGEST_EXPRESSION, "a set of digests").someElements();
            if (expression.size() != 2
                    || !(expression.get(0).item() instanceof Item.Whole(BigInteger operator))
                    || !operator.equals(MEMBER)) {
                return Optional.empty();
            }
            var members = new ArrayList<Digest>();
            for (Node each : expression.get(1).someElements()) {
                members.add(Digest.of(each));
            }
            return Optional.of(members);
        }
        List<Node> elements = node.someElements();
        return Optional.of(
                elements.getFirst().item() instanceof Item.Sequence ? digests(node) : List.of(Digest.of(node)));
    }
}
