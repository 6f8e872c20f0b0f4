package io.countersign.verifier.policy.logic;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One comparison that must come out as it is demanded.
 *
 * @param subject what is compared: a claim, or the text of an expression that is not understood further
 * @param wanted what of it is demanded
 * @param said the same in words that follow "is" or "be": {@code above 3}
 * @param at the id of the comparison in CEL's tree
 */
record Demand(Subject subject, Wanted wanted, String said, long at) {
    /**
     * What is compared.
     *
     * @param key equal for equal expressions
     * @param shown for people
     * @param numbers what it can be at all, if it is a number
     * @param words what it can be at all, if it is one of a closed set of words
     */
    record Subject(String key, String shown, Ranges numbers, Optional<Set<String>> words) {}

    /** What is demanded of a subject. */
    sealed interface Wanted {}

    record OnScale(Ranges allowed) implements Wanted {}

    record Truth(boolean value) implements Wanted {}

    /** Nothing can fulfil it: {@code false}. */
    record Impossible() implements Wanted {}

    /** Of a text. */
    sealed interface OfText extends Wanted {
        boolean admits(String text);
    }

    record Among(Set<String> values) implements OfText {
        Among {
            values = Set.copyOf(values);
        }

        @Override
        public boolean admits(String text) {
            return values.contains(text);
        }
    }

    record NotAmong(Set<String> values) implements OfText {
        NotAmong {
            values = Set.copyOf(values);
        }

        @Override
        public boolean admits(String text) {
            return !values.contains(text);
        }
    }

    /** How a part of a text is looked for. */
    enum Place {
        BEGINNING,
        END,
        ANYWHERE
    }

    record Holds(Place place, String part) implements OfText {
        @Override
        public boolean admits(String text) {
            return found(place, part, text);
        }
    }

    record Lacks(Place place, String part) implements OfText {
        @Override
        public boolean admits(String text) {
            return !found(place, part, text);
        }
    }

    /** A version of at least this; what is no version fulfils neither this nor its opposite. */
    record AtLeast(Version floor) implements OfText {
        @Override
        public boolean admits(String text) {
            return Version.of(text)
                    .filter(version -> version.compareTo(floor) >= 0)
                    .isPresent();
        }
    }

    record Before(Version floor) implements OfText {
        @Override
        public boolean admits(String text) {
            return Version.of(text)
                    .filter(version -> version.compareTo(floor) < 0)
                    .isPresent();
        }
    }

    /** Three numbers, compared one by one. */
    record Version(int major, int minor, int build) implements Comparable<Version> {
        private static final Pattern FORM = Pattern.compile("([0-9]{1,9})\\.([0-9]{1,9})\\.([0-9]{1,9})");

        static Optional<Version> of(String text) {
            var match = FORM.matcher(text);
            return match.matches()
                    ? Optional.of(new Version(
                            Integer.parseInt(match.group(1)),
                            Integer.parseInt(match.group(2)),
                            Integer.parseInt(match.group(3))))
                    : Optional.empty();
        }

        @Override
        public int compareTo(Version other) {
            return Arrays.compare(new int[] {major, minor, build}, new int[] {other.major, other.minor, other.build});
        }
    }

    private static boolean found(Place place, String part, String text) {
        return switch (place) {
            case BEGINNING -> text.startsWith(part);
            case END -> text.endsWith(part);
            case ANYWHERE -> text.contains(part);
        };
    }

    /** What comparing it with others costs. */
    int size() {
        return switch (wanted) {
            case OnScale(Ranges allowed) -> 1 + allowed.size();
            case Among(Set<String> values) -> 1 + values.size();
            case NotAmong _, Holds _, Lacks _, AtLeast _, Before _, Truth _, Impossible _ -> 1;
        };
    }
}
