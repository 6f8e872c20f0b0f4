package io.countersign.verifier.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Values as results show them: whole where they are short. Evidence decides how long they are, so results bound them. */
final class Shown {
    static final int MAX_TEXT = 200;
    static final int MAX_ENTRIES = 8;

    private Shown() {}

    /** The value, or its beginning; the last entry of a list that was shortened says how much is missing. */
    static Object shortened(Object value) {
        return switch (value) {
            case String text -> cut(text, MAX_TEXT);
            case List<?> list -> {
                List<Object> entries = new ArrayList<>();
                list.stream().limit(MAX_ENTRIES).map(Shown::shortened).forEach(entries::add);
                if (list.size() > MAX_ENTRIES) {
                    entries.add("… and " + (list.size() - MAX_ENTRIES) + " more");
                }
                yield List.copyOf(entries);
            }
            default -> value;
        };
    }

    /** The same as text for a sentence. */
    static String text(Object value) {
        return cut(String.valueOf(shortened(value)), MAX_TEXT);
    }

    static String cut(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        // Never half of a character that takes two.
        int end = Character.isHighSurrogate(text.charAt(length - 2)) ? length - 2 : length - 1;
        return text.substring(0, end) + "…";
    }

    /** Some of these, and how many there are beyond. */
    static <T> String listed(List<T> all, String between, Function<T, String> words) {
        String first = all.stream().limit(MAX_ENTRIES).map(words).collect(Collectors.joining(between));
        return all.size() > MAX_ENTRIES ? first + between + (all.size() - MAX_ENTRIES) + " more" : first;
    }
}
