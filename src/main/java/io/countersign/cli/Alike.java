package io.countersign.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;

/** Puts together what would be said of several devices in the same words: eight GPUs that are alike are one line. */
final class Alike {
    private static final int FEW = 2;

    private Alike() {}

    /** The things in groups of the same key, in the order of their firsts. */
    static <T> Collection<List<T>> grouped(List<T> things, Function<T, Object> key) {
        var groups = new LinkedHashMap<Object, List<T>>();
        things.forEach(thing ->
                groups.computeIfAbsent(key.apply(thing), _ -> new ArrayList<>()).add(thing));
        return groups.values();
    }

    /**
     * A few labels one by one, more of them as a range where they lie side by side.
     *
     * @param all every label there is, in order
     */
    static String named(List<String> labels, List<String> all) {
        int begin = labels.isEmpty() ? -1 : all.indexOf(labels.getFirst());
        boolean sideBySide = begin >= 0
                && begin + labels.size() <= all.size()
                && all.subList(begin, begin + labels.size()).equals(labels);
        return labels.size() > FEW && sideBySide
                ? labels.getFirst() + " to " + labels.getLast()
                : String.join(", ", labels);
    }
}
