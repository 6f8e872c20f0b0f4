package io.countersign.imports.corim;

import io.countersign.imports.ImportException;
import io.countersign.imports.Printable;
import io.countersign.verifier.bytes.Bytes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a triple is about: environment-map, draft-ietf-rats-corim-11, section 5.1.4.1.
 *
 * @param classId the content of an object identifier
 * @param instance empty, or what the triple is narrowed to
 * @param group likewise
 */
record Environment(
        Optional<Bytes> classId, String vendor, String model, Optional<Item> instance, Optional<Item> group) {
    private static final long BYTES = 560;

    private static final Map<Long, String> MEMBERS = Map.of(0L, "class", 1L, "instance", 2L, "group");
    private static final Map<Long, String> CLASS =
            Map.of(0L, "class-id", 1L, "vendor", 2L, "model", 3L, "layer", 4L, "index");

    static Environment of(Node node) throws ImportException {
        Map<Long, Node> members = node.members(MEMBERS);
        Node theClass = members.get(0L);
        Map<Long, Node> named = theClass == null ? Map.of() : theClass.members(CLASS);
        return new Environment(
                classId(named),
                words(named.get(1L)),
                words(named.get(2L)),
                Optional.ofNullable(members.get(1L)).map(Node::item),
                Optional.ofNullable(members.get(2L)).map(Node::item));
    }

    private static String words(@Nullable Node node) throws ImportException {
        return node == null ? "" : Printable.line(node.text(), 60);
    }

    private static Optional<Bytes> classId(Map<Long, Node> named) throws ImportException {
        Node id = named.get(0L);
        if (id != null && id.isTagged(Profile.OID)) {
            return Optional.of(id.within(Profile.OID, "an object identifier").octets());
        }
        return Optional.empty();
    }

    /**
     * What it is narrowed to, which a list of values cannot say. An instance that is the launch measurement itself narrows nothing: some
     * makers index their values so.
     */
    Optional<String> narrowedBeyond(List<Bytes> measurements) {
        if (group.isPresent()) {
            return Optional.of("a group");
        }
        return instance.filter(item -> !(item instanceof Item.Tagged(long tag, Item.Octets(Bytes value))
                        && tag == BYTES
                        && measurements.contains(value)))
                .map(_ -> "one instance, such as one chip");
    }

    /** For people. */
    String words() {
        return String.join(
                " ", Stream.of(vendor, model).filter(text -> !text.isEmpty()).toList());
    }
}
