package io.countersign.trial;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a platform would fare.
 *
 * @param standing under what is to come
 * @param reasons why it would not be accepted, or why that is not known
 * @param ending what it rests on that ends soon, nothing else being changed
 */
public record Forecast(Standing standing, List<Reason> reasons, Optional<Ending> ending) {
    /** How a platform stands to what is to come. */
    public enum Standing {
        ACCEPTED,
        REFUSED,
        /** What is to come is not in hand, so nothing is known; never to be taken for good news. */
        UNDETERMINED,
        /** Nobody publishes what is to come for this kind of platform, and no policy says so. */
        NOT_ASKED;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * It would be refused within that time.
     *
     * @param within the shortest span of those that were tried
     */
    public record Ending(Duration within, List<Reason> reasons) {
        public Ending {
            reasons = List.copyOf(reasons);
        }
    }

    /**
     * One thing in the way.
     *
     * @param discreet a sentence without anything that evidence says of a machine's identity
     * @param full the same with everything that was expected and found
     */
    public record Reason(String discreet, String full) {
        static Reason of(String sentence) {
            return new Reason(sentence, sentence);
        }
    }

    public Forecast {
        reasons = List.copyOf(reasons);
    }
}
