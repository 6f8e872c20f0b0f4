package io.countersign.verifier.policy.logic;

import java.util.ArrayList;
import java.util.List;

/** A set of whole numbers, as ranges in ascending order that have nothing in common. */
record Ranges(List<Range> ranges) {
    /** Both ends belong to it. */
    record Range(long from, long to) {}

    static final Ranges NONE = new Ranges(List.of());

    /** The integers of claims and sizes: what every JSON reader keeps exact. */
    static final Ranges UNSIGNED = between(0, (1L << 53) - 1);

    static final Ranges ANY = between(Long.MIN_VALUE, Long.MAX_VALUE);

    Ranges {
        ranges = List.copyOf(ranges);
    }

    static Ranges between(long from, long to) {
        return from > to ? NONE : new Ranges(List.of(new Range(from, to)));
    }

    static Ranges below(long bound) {
        return bound == Long.MIN_VALUE ? NONE : between(Long.MIN_VALUE, bound - 1);
    }

    static Ranges above(long bound) {
        return bound == Long.MAX_VALUE ? NONE : between(bound + 1, Long.MAX_VALUE);
    }

    static Ranges oneOf(List<Long> numbers) {
        var ranges = new ArrayList<Range>();
        numbers.stream().sorted().distinct().forEach(number -> ranges.add(new Range(number, number)));
        return new Ranges(ranges);
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** What looking at it costs. */
    int size() {
        return ranges.size();
    }

    Ranges and(Ranges other) {
        var both = new ArrayList<Range>();
        int i = 0;
        int j = 0;
        while (i < ranges.size() && j < other.ranges.size()) {
            Range a = ranges.get(i);
            Range b = other.ranges.get(j);
            long from = Math.max(a.from, b.from);
            long to = Math.min(a.to, b.to);
            if (from <= to) {
                both.add(new Range(from, to));
            }
            if (a.to < b.to) {
                i++;
            } else {
                j++;
            }
        }
        return new Ranges(both);
    }

    Ranges not() {
        var others = new ArrayList<Range>();
        long next = Long.MIN_VALUE;
        for (Range range : ranges) {
            if (range.from > next) {
                others.add(new Range(next, range.from - 1));
            }
            if (range.to == Long.MAX_VALUE) {
                return new Ranges(others);
            }
            next = range.to + 1;
        }
        others.add(new Range(next, Long.MAX_VALUE));
        return new Ranges(others);
    }
}
