package io.countersign.verifier.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What was found about the several things that one check looks at. All of it is told at once, so that an operator mends five
 * things in one round; the worst decides.
 */
public final class Findings {
    /** More would help nobody, and a request that brings hundreds of bad things for dozens of devices would be told megabytes. */
    static final int MOST_TOLD = 16;

    private final List<Outcome> outcomes = new ArrayList<>();

    public void add(Outcome outcome) {
        outcomes.add(outcome);
    }

    /**
     * Failed when one thing failed, otherwise undetermined when one is, otherwise not reached when one is; otherwise passed,
     * with what each thing rests on behind the sentence.
     */
    public Outcome conclude(String passedBecause) {
        var failed = all(Outcome.Failed.class);
        if (!failed.isEmpty()) {
            return new Outcome.Failed(
                    joined(failed, Outcome.Failed::expected),
                    joined(failed, Outcome.Failed::actual),
                    joined(failed, Outcome.Failed::hint, " "));
        }
        var open = all(Outcome.Undetermined.class);
        if (!open.isEmpty()) {
            return new Outcome.Undetermined(
                    joined(open, Outcome.Undetermined::missing),
                    cause(open),
                    joined(open, Outcome.Undetermined::hint, " "));
        }
        return blockedBy()
                .<Outcome>map(Outcome.NotReached::new)
                .orElseGet(() -> new Outcome.Passed(
                        passedBecause + " " + joined(all(Outcome.Passed.class), Outcome.Passed::because, " ")));
    }

    private Optional<CheckId> blockedBy() {
        return all(Outcome.NotReached.class).stream()
                .map(Outcome.NotReached::blockedBy)
                .findFirst();
    }

    /** Asking again helps only when it helps with everything that is missing. */
    private static Outcome.Cause cause(List<Outcome.Undetermined> open) {
        var causes = open.stream().map(Outcome.Undetermined::cause).collect(Collectors.toSet());
        for (var cause : List.of(Outcome.Cause.NOT_ASKED, Outcome.Cause.NOT_IN_HAND)) {
            if (causes.contains(cause)) {
                return cause;
            }
        }
        return Outcome.Cause.NOT_FETCHED;
    }

    private <T extends Outcome> List<T> all(Class<T> kind) {
        return outcomes.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static <T> String joined(List<T> outcomes, Function<T, String> text) {
        return joined(outcomes, text, "; ");
    }

    private static <T> String joined(List<T> outcomes, Function<T, String> text, String separator) {
        List<String> texts = outcomes.stream().map(text).distinct().toList();
        String told = texts.stream().limit(MOST_TOLD).collect(Collectors.joining(separator));
        return texts.size() <= MOST_TOLD ? told : told + separator + "and %d more".formatted(texts.size() - MOST_TOLD);
    }
}
