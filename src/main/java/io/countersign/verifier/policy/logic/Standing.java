package io.countersign.verifier.policy.logic;

import io.countersign.verifier.policy.logic.Demand.Among;
import io.countersign.verifier.policy.logic.Demand.AtLeast;
import io.countersign.verifier.policy.logic.Demand.Before;
import io.countersign.verifier.policy.logic.Demand.Holds;
import io.countersign.verifier.policy.logic.Demand.Impossible;
import io.countersign.verifier.policy.logic.Demand.Lacks;
import io.countersign.verifier.policy.logic.Demand.NotAmong;
import io.countersign.verifier.policy.logic.Demand.OfText;
import io.countersign.verifier.policy.logic.Demand.Place;
import io.countersign.verifier.policy.logic.Demand.Subject;
import io.countersign.verifier.policy.logic.Demand.Truth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is left of one subject after some demands.
 *
 * @param numbers that it can still be
 * @param words that it can still be; empty when it can be too many to list
 * @param demands in the order in which they came
 */
record Standing(Ranges numbers, Optional<Set<String>> words, List<Demand> demands) {
    private static final Demand.Version LOWEST = new Demand.Version(0, 0, 0);

    static Standing of(Subject subject) {
        return new Standing(subject.numbers(), subject.words(), List.of());
    }

    /** With one more demand; empty when nothing is left. */
    Optional<Standing> with(Demand demand, Effort effort) {
        effort.spend(demand.size() + demands.size());
        return switch (demand.wanted()) {
            case Impossible _ -> Optional.empty();
            case Truth truth ->
                demands.stream().allMatch(earlier -> earlier.wanted().equals(truth))
                        ? Optional.of(demands.isEmpty() ? remembering(demand, numbers, words) : this)
                        : Optional.empty();
            case Demand.OnScale(Ranges allowed) -> {
                effort.spend(numbers.size());
                Ranges left = numbers.and(allowed);
                yield left.isEmpty() ? Optional.empty() : Optional.of(remembering(demand, left, words));
            }
            case OfText text -> withText(demand, text, effort);
        };
    }

    private Optional<Standing> withText(Demand demand, OfText text, Effort effort) {
        Optional<Set<String>> candidates = words.or(() -> text instanceof Among(Set<String> values)
                ? Optional.of(filtered(values, earlier(), effort))
                : Optional.empty());
        if (candidates.isPresent()) {
            Set<String> left = filtered(candidates.get(), List.of(text), effort);
            return left.isEmpty() ? Optional.empty() : Optional.of(remembering(demand, numbers, Optional.of(left)));
        }
        boolean possible = isPossible(text) && earlier().stream().noneMatch(other -> clash(text, other));
        return possible ? Optional.of(remembering(demand, numbers, words)) : Optional.empty();
    }

    private Standing remembering(Demand demand, Ranges numbersLeft, Optional<Set<String>> wordsLeft) {
        var all = new ArrayList<>(demands);
        all.add(demand);
        return new Standing(numbersLeft, wordsLeft, List.copyOf(all));
    }

    private List<OfText> earlier() {
        return demands.stream()
                .map(Demand::wanted)
                .filter(OfText.class::isInstance)
                .map(OfText.class::cast)
                .toList();
    }

    private static Set<String> filtered(Set<String> texts, List<OfText> by, Effort effort) {
        effort.spend((long) texts.size() * by.size());
        return texts.stream()
                .filter(text -> by.stream().allMatch(wanted -> wanted.admits(text)))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isPossible(OfText text) {
        return switch (text) {
            case Among(Set<String> values) -> !values.isEmpty();
            case Lacks lacks -> !lacks.part().isEmpty();
            case Before(Demand.Version floor) -> floor.compareTo(LOWEST) > 0;
            case NotAmong _, Holds _, AtLeast _ -> true;
        };
    }

    /** Whether no text at all fulfils both; where it is not certain, they do not clash. */
    private static boolean clash(OfText a, OfText b) {
        return clashInOrder(a, b) || clashInOrder(b, a);
    }

    private static boolean clashInOrder(OfText a, OfText b) {
        if (a instanceof AtLeast(Demand.Version floor) && b instanceof Before(Demand.Version end)) {
            return floor.compareTo(end) >= 0;
        }
        if (!(a instanceof Holds(Place place, String part))) {
            return false;
        }
        return switch (b) {
            case Lacks(Place where, String lacking) ->
                switch (where) {
                    case BEGINNING -> place == Place.BEGINNING && part.startsWith(lacking);
                    case END -> place == Place.END && part.endsWith(lacking);
                    case ANYWHERE -> part.contains(lacking);
                };
            case Holds(Place where, String other)
            when where == place ->
                switch (place) {
                    case BEGINNING -> !part.startsWith(other) && !other.startsWith(part);
                    case END -> !part.endsWith(other) && !other.endsWith(part);
                    case ANYWHERE -> false;
                };
            case Holds _, Among _, NotAmong _, AtLeast _, Before _ -> false;
        };
    }

    /** Why this demand cannot be added. */
    Clash clashWith(Demand added) {
        Subject subject = added.subject();
        return new Clash(says(subject, added), added.at());
    }

    private String says(Subject subject, Demand added) {
        if (added.wanted() instanceof Impossible) {
            return subject.shown().equals("false") ? "it demands false" : subject.shown() + " is never so";
        }
        if (of(subject).with(added, Effort.unbounded()).isEmpty()) {
            return "%s is never %s".formatted(subject.shown(), added.said());
        }
        for (Demand earlier : demands) {
            Optional<Standing> alone = of(subject).with(earlier, Effort.unbounded());
            if (alone.isPresent() && alone.get().with(added, Effort.unbounded()).isEmpty()) {
                return "%s cannot be both %s and %s".formatted(subject.shown(), earlier.said(), added.said());
            }
        }
        String others = demands.stream().map(Demand::said).limit(8).collect(Collectors.joining(", "));
        return "%s cannot be %s and %s all at once".formatted(subject.shown(), others, added.said());
    }
}
