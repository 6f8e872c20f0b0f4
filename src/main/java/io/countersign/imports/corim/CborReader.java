package io.countersign.imports.corim;

import io.countersign.imports.ImportException;
import io.countersign.verifier.bytes.Bytes;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Reads one data item: RFC 8949 without what makes two encodings of one thing possible (section 4.2.1: shortest lengths, nothing
 * indefinite), no key twice, nothing behind it, bounded in length, depth and number of items. The order of keys is free: CoRIMs in
 * use do not sort them.
 */
final class CborReader {
    static final int MAX_BYTES = 1024 * 1024;
    private static final int MAX_DEPTH = 32;
    private static final int MAX_ITEMS = 200_000;

    private final String file;
    private final String path;
    private final Bytes input;
    private int at;
    private int items;

    private CborReader(String file, String path, Bytes input) {
        this.file = file;
        this.path = path;
        this.input = input;
    }

    /**
     * Reads bytes that hold one item and nothing else.
     *
     * @param path of the structure that the bytes are, such as {@code corim}
     */
    static Item read(String file, String path, Bytes input) throws ImportException {
        var reader = new CborReader(file, path, input);
        if (input.length() > MAX_BYTES) {
            throw reader.refused("%d bytes; at most %d are read".formatted(input.length(), MAX_BYTES));
        }
        Item item = reader.item(0);
        if (reader.at != input.length()) {
            throw reader.refused("%d bytes follow the item".formatted(input.length() - reader.at));
        }
        return item;
    }

    private Item item(int depth) throws ImportException {
        if (depth > MAX_DEPTH) {
            throw refused("nested deeper than %d".formatted(MAX_DEPTH));
        }
        if (++items > MAX_ITEMS) {
            throw refused("more than %d items".formatted(MAX_ITEMS));
        }
        int start = at;
        int initial = next(1).u8(0);
        int major = initial >> 5;
        int info = initial & 0x1F;
        if (major == 7) {
            return simple(start, info);
        }
        BigInteger argument = argument(info);
        return switch (major) {
            case 0 -> new Item.Whole(argument);
            case 1 -> new Item.Whole(argument.not());
            case 2 -> new Item.Octets(next(count(argument, 1)));
            case 3 -> new Item.Text(text(next(count(argument, 1))));
            case 4 -> sequence(count(argument, 1), depth);
            case 5 -> mapping(count(argument, 2), depth);
            default -> new Item.Tagged(tag(argument), item(depth + 1));
        };
    }

    /** The number behind the initial byte: RFC 8949, section 3, and the shortest form of section 4.2.1. */
    private BigInteger argument(int info) throws ImportException {
        if (info < 24) {
            return BigInteger.valueOf(info);
        }
        if (info > 27) {
            throw refused(
                    info == 31
                            ? "an item of indefinite length; lengths must be stated"
                            : "additional information %d is reserved".formatted(info));
        }
        int width = 1 << (info - 24);
        BigInteger value = new BigInteger(1, next(width).toByteArray());
        BigInteger least = width == 1 ? BigInteger.valueOf(24) : BigInteger.ONE.shiftLeft(width * 4);
        if (value.compareTo(least) < 0) {
            throw refused("the number %s in more bytes than it needs".formatted(value));
        }
        return value;
    }

    /** A length or count that the rest of the input can hold, so that nothing is set aside for what is not there. */
    private int count(BigInteger argument, int bytesForEach) throws ImportException {
        int most = (input.length() - at) / bytesForEach;
        if (argument.compareTo(BigInteger.valueOf(most)) > 0) {
            throw refused(
                    "%s bytes or items are announced, and %d bytes are left".formatted(argument, input.length() - at));
        }
        return argument.intValueExact();
    }

    private long tag(BigInteger argument) throws ImportException {
        if (argument.bitLength() > 32) {
            throw refused("tag %s is not known".formatted(argument));
        }
        return argument.longValueExact();
    }

    private String text(Bytes bytes) throws ImportException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException _) {
            throw refused("a text that is not UTF-8");
        }
    }

    private Item sequence(int count, int depth) throws ImportException {
        var sequence = new ArrayList<Item>();
        for (int i = 0; i < count; i++) {
            sequence.add(item(depth + 1));
        }
        return new Item.Sequence(sequence);
    }

    private Item mapping(int count, int depth) throws ImportException {
        var members = new ArrayList<Item.Member>();
        var keys = new HashSet<Bytes>();
        for (int i = 0; i < count; i++) {
            int start = at;
            Item key = item(depth + 1);
            // Every item has one encoding only, so that equal keys have equal bytes.
            if (!keys.add(input.slice(start, at))) {
                throw refused("a map that has %s as a key twice".formatted(key.kind()));
            }
            members.add(new Item.Member(key, item(depth + 1)));
        }
        return new Item.Mapping(List.copyOf(members));
    }

    private Item simple(int start, int info) throws ImportException {
        return switch (info) {
            case 24 -> {
                int value = next(1).u8(0);
                if (value < 32) {
                    throw refused("simple value %d in more bytes than it needs".formatted(value));
                }
                yield new Item.Simple(value);
            }
            case 25 -> new Item.Floating(next(2));
            case 26 -> new Item.Floating(next(4));
            case 27 -> new Item.Floating(next(8));
            case 28, 29, 30 -> throw refused("additional information %d is reserved".formatted(info));
            case 31 -> {
                at = start;
                throw refused("a break without a beginning; lengths must be stated");
            }
            default -> new Item.Simple(info);
        };
    }

    private Bytes next(int length) throws ImportException {
        if (input.length() - at < length) {
            throw refused("%d more bytes are needed, %d are left".formatted(length, input.length() - at));
        }
        Bytes slice = input.slice(at, at + length);
        at += length;
        return slice;
    }

    private ImportException refused(String problem) {
        return new ImportException(
                file,
                path + ", byte " + at,
                problem + ". Expected deterministic CBOR; ask its maker, or fetch it again if it was cut.");
    }
}
