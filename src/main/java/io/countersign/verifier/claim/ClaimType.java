package io.countersign.verifier.claim;

import io.countersign.verifier.bytes.Bytes;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The type of a claim: what Java value holds it and how JSON and policies see it. */
public sealed interface ClaimType {
    /** A Java {@link Boolean}. */
    record Flag() implements ClaimType {}

    /** A Java {@link Long} from 0 to 2^53 - 1, so that every JSON reader keeps it exact. */
    record UnsignedInteger() implements ClaimType {}

    /** A Java {@link String}. */
    record Text() implements ClaimType {}

    /** A Java {@link String} that is one of a closed set of words, so that any other word in a policy is a mistake. */
    record Word(List<String> words) implements ClaimType {
        public Word {
            words = words.stream().distinct().toList();
            if (words.isEmpty()) {
                throw new IllegalArgumentException("a claim of no word at all");
            }
        }

        public static Word of(String... words) {
            return new Word(List.of(words));
        }

        /** The words of an enumeration. */
        public static <E extends Enum<E>> Word of(Class<E> type, Function<E, String> word) {
            return new Word(Stream.of(type.getEnumConstants()).map(word).toList());
        }
    }

    /** A "major.minor.build" {@link String} in decimal; policies compare it with {@code version_at_least}. */
    record Version() implements ClaimType {}

    /** {@link Bytes} of a fixed length, lowercase hex without 0x in JSON and policies. */
    record Hex(int length) implements ClaimType {}

    /** A {@link List} of strings. */
    record TextList() implements ClaimType {}

    /** A {@link List} of {@link Long}, each from 0 to 2^53 - 1. */
    record UnsignedIntegerList() implements ClaimType {}

    /** A Java {@link Instant}, RFC 3339 in UTC in JSON. */
    record Time() implements ClaimType {}

    /** The value as JSON and policies see it, or our own bug when it is not of this type. */
    default Object rendered(Object value) {
        return switch (this) {
            case Flag _ when value instanceof Boolean -> value;
            case UnsignedInteger _ when value instanceof Long number && number >= 0 && number < 1L << 53 -> value;
            case Text _ when value instanceof String -> value;
            case Word(List<String> words) when value instanceof String word && words.contains(word) -> value;
            case Version _ when value instanceof String -> value;
            case Hex(int length) when value instanceof Bytes bytes && bytes.length() == length -> bytes.toString();
            case TextList _
            when value instanceof List<?> list && list.stream().allMatch(String.class::isInstance) -> List.copyOf(list);
            case UnsignedIntegerList _
            when value instanceof List<?> list
                    && list.stream()
                            .allMatch(each -> each instanceof Long number && number >= 0 && number < 1L << 53) ->
                List.copyOf(list);
            case Time _ when value instanceof Instant instant -> instant.toString();
            case Flag _,
                    UnsignedInteger _,
                    Text _,
                    Word _,
                    Version _,
                    Hex _,
                    TextList _,
                    UnsignedIntegerList _,
                    Time _ -> throw new IllegalStateException(value + " is not of claim type " + this);
        };
    }
}
