package io.countersign.imports.corim;

import io.countersign.imports.ImportException;
import io.countersign.imports.Printable;
import io.countersign.verifier.bytes.Bytes;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An item and where it stands, such as {@code corim.tags[0].triples.reference[2]}, so that every refusal can say so. */
record Node(String file, String path, Item item) {
    private static final int MAX_TEXT = 300;

    /** RFC 8949, section 3.4.2, as far as years have four digits. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private static final long EPOCH_TIME = 1;

    /** A refusal that names this place. */
    ImportException refused(String problem) {
        return new ImportException(file, path, problem);
    }

    private ImportException unlike(String expected) {
        return refused("%s was expected, and %s is there".formatted(expected, item.kind()));
    }

    Node at(String name, Item other) {
        return new Node(file, path + name, other);
    }

    /** The members of a map with numbers as keys; those that have no name are refused, because nothing says what they mean. */
    Map<Long, Node> members(Map<Long, String> names) throws ImportException {
        var members = new HashMap<Long, Node>();
        for (Item.Member each : mapping().members()) {
            Optional<Long> key = key(each.key());
            String name = key.map(names::get).orElse(null);
            if (key.isEmpty() || name == null) {
                throw refused("the member with the key %s is not known here; what it means for the others is open"
                        .formatted(shown(each.key())));
            }
            members.put(key.get(), at("." + name, each.value()));
        }
        return members;
    }

    /** The members of a map that may have others than those with names; these are called by their keys. */
    Map<Long, Node> openMembers(Map<Long, String> names) throws ImportException {
        var members = new HashMap<Long, Node>();
        for (Item.Member each : mapping().members()) {
            long key =
                    key(each.key()).orElseThrow(() -> refused("the key %s is no number".formatted(shown(each.key()))));
            members.put(key, at("." + names.getOrDefault(key, Long.toString(key)), each.value()));
        }
        return members;
    }

    private static Optional<Long> key(Item key) {
        return key instanceof Item.Whole(BigInteger value) && value.bitLength() < 63
                ? Optional.of(value.longValueExact())
                : Optional.empty();
    }

    static String shown(Item item) {
        return switch (item) {
            case Item.Whole(BigInteger value) -> value.toString();
            case Item.Text(String value) -> "\"" + Printable.line(value, 40) + "\"";
            default -> item.kind();
        };
    }

    private Item.Mapping mapping() throws ImportException {
        if (item instanceof Item.Mapping mapping) {
            return mapping;
        }
        throw unlike("a map");
    }

    /** Key and value of every member of a map, whatever the keys are. */
    List<Item.Member> entries() throws ImportException {
        return mapping().members();
    }

    /** The elements of an array, each with its index. */
    List<Node> elements() throws ImportException {
        if (!(item instanceof Item.Sequence(List<Item> items))) {
            throw unlike("an array");
        }
        var elements = new ArrayList<Node>();
        for (int i = 0; i < items.size(); i++) {
            elements.add(at("[" + i + "]", items.get(i)));
        }
        return elements;
    }

    /** The same for an array that must not be empty. */
    List<Node> someElements() throws ImportException {
        List<Node> elements = elements();
        if (elements.isEmpty()) {
            throw refused("it is empty, and at least one is needed");
        }
        return elements;
    }

    Bytes octets() throws ImportException {
        if (item instanceof Item.Octets(Bytes value)) {
            return value;
        }
        throw unlike("a byte string");
    }

    /** In one line and bounded: it is only ever shown or compared. */
    String text() throws ImportException {
        if (item instanceof Item.Text(String value)) {
            if (value.codePointCount(0, value.length()) > MAX_TEXT) {
                throw refused("a text of more than %d characters".formatted(MAX_TEXT));
            }
            return value;
        }
        throw unlike("a text");
    }

    BigInteger whole() throws ImportException {
        if (item instanceof Item.Whole(BigInteger value)) {
            return value;
        }
        throw unlike("a whole number");
    }

    /** Seconds since 1970, under tag 1 or without it; never floating point (RFC 9711 forbids it for such claims). */
    Instant time() throws ImportException {
        Item content = item instanceof Item.Tagged(long tag, Item inner) && tag == EPOCH_TIME ? inner : item;
        if (content instanceof Item.Whole(BigInteger value)
                && value.signum() >= 0
                && value.bitLength() < 63
                && value.longValueExact() <= LAST_SECOND) {
            return Instant.ofEpochSecond(value.longValueExact());
        }
        throw unlike("a time in whole seconds");
    }

    /** What a tag holds. */
    Node within(long tag, String what) throws ImportException {
        if (item instanceof Item.Tagged(long found, Item content) && found == tag) {
            return new Node(file, path, content);
        }
        throw unlike("%s (tag %d)".formatted(what, tag));
    }

    boolean isTagged(long tag) {
        return item instanceof Item.Tagged(long found, Item _) && found == tag;
    }

    /** The item that a byte string holds. */
    Node embedded() throws ImportException {
        return new Node(file, path, CborReader.read(file, path, octets()));
    }

    /** Text, or the hex of bytes with or without a tag around them (identifiers come as any of these). */
    String identifier() throws ImportException {
        return switch (item) {
            case Item.Text _ -> Printable.line(text(), MAX_TEXT);
            case Item.Octets(Bytes value) when value.length() <= 64 -> value.toString();
            case Item.Tagged(long _, Item.Octets(Bytes value)) when value.length() <= 64 -> value.toString();
            default -> throw unlike("an identifier: a text, or at most 64 bytes");
        };
    }
}
