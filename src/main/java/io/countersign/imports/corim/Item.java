package io.countersign.imports.corim;

import io.countersign.verifier.bytes.Bytes;
import java.math.BigInteger;
import java.util.List;

/** One data item: RFC 8949, section 3. */
sealed interface Item {
    /** For people: what kind of item it is. */
    String kind();

    /** Major types 0 and 1; up to 64 bits beside the sign. */
    record Whole(BigInteger value) implements Item {
        @Override
        public String kind() {
            return "the number " + value;
        }
    }

    /** Major type 2. */
    record Octets(Bytes value) implements Item {
        @Override
        public String kind() {
            return value.length() + " bytes";
        }
    }

    /** Major type 3. */
    record Text(String value) implements Item {
        @Override
        public String kind() {
            return "a text";
        }
    }

    /** Major type 4. */
    record Sequence(List<Item> items) implements Item {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "an array of %d".formatted(items.size());
        }
    }

    /** A member of a map. */
    record Member(Item key, Item value) {}

    /** Major type 5, in the order of the bytes; no key is there twice. */
    record Mapping(List<Member> members) implements Item {
        public Mapping {
            members = List.copyOf(members);
        }

        @Override
        public String kind() {
            return "a map of %d".formatted(members.size());
        }
    }

    /** Major type 6. */
    record Tagged(long tag, Item content) implements Item {
        @Override
        public String kind() {
            return "tag %d of %s".formatted(tag, content.kind());
        }
    }

    /** Major type 7 without floating point: false, true, null and the like. */
    record Simple(int value) implements Item {
        static final int FALSE = 20;
        static final int NULL = 22;

        @Override
        public String kind() {
            return switch (value) {
                case FALSE -> "false";
                case 21 -> "true";
                case NULL -> "null";
                default -> "simple value " + value;
            };
        }
    }

    /** Floating point of any width; nothing here is one, so only its bytes are kept. */
    record Floating(Bytes bytes) implements Item {
        @Override
        public String kind() {
            return "a floating-point number";
        }
    }
}
