package io.countersign.verifier.policy.logic;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * Looks for one way to fulfil a formula: first what must hold anyhow, then always the disjunction with the fewest ways left.
 * Nothing here recurses, so that no formula is too deep, and every step is counted, so that none is too wide.
 */
final class Search {
    private static final int TOLD = 4;

    /** How it ended. */
    sealed interface Found {}

    record Possible() implements Found {}

    /** No way leads anywhere. */
    record Impossible(List<Clash> clashes) implements Found {}

    record GivenUp() implements Found {}

    private record Undo(String key, Optional<Standing> before) {}

    /** A disjunction of which one way was taken: where to go back to, and the ways that are left. */
    private record Choice(int mark, List<Formula.Any> open, Deque<Formula> ways) {}

    /** A demand that nothing fulfils after those before it. */
    private record Refusal(Standing standing, Demand demand) {}

    private final Effort effort;
    private final Map<String, Standing> standings = new HashMap<>();
    private final Deque<Undo> undo = new ArrayDeque<>();
    private final Deque<Choice> choices = new ArrayDeque<>();
    private final SequencedSet<Clash> clashes = new LinkedHashSet<>();
    private List<Formula.Any> open = new ArrayList<>();

    private Search(Effort effort) {
        this.effort = effort;
    }

    static Found run(Formula formula, Effort effort) {
        return new Search(effort).run(formula);
    }

    private Found run(Formula formula) {
        boolean closed = isRefused(formula);
        while (!effort.exhausted()) {
            if (closed) {
                Optional<Formula> other = back();
                if (other.isEmpty()) {
                    return new Impossible(List.copyOf(clashes));
                }
                closed = isRefused(other.get());
            } else if (open.isEmpty()) {
                return new Possible();
            } else {
                closed = isChoiceRefused();
            }
        }
        return new GivenUp();
    }

    private boolean isRefused(Formula formula) {
        Optional<Refusal> refusal = settle(formula, open);
        refusal.ifPresent(this::tell);
        return refusal.isPresent();
    }

    /** Takes the first way of the disjunction that has fewest, and remembers the others. */
    private boolean isChoiceRefused() {
        int chosen = 0;
        List<Formula> fewest = List.of();
        for (int i = 0; i < open.size() && !effort.exhausted(); i++) {
            var refusals = new ArrayList<Refusal>();
            List<Formula> ways = ways(open.get(i), refusals);
            if (ways.isEmpty()) {
                refusals.forEach(this::tell);
                return true;
            }
            if (fewest.isEmpty() || ways.size() < fewest.size()) {
                chosen = i;
                fewest = ways;
            }
            if (ways.size() == 1) {
                break;
            }
        }
        if (effort.exhausted()) {
            return false;
        }
        open.remove(chosen);
        var others = new ArrayDeque<>(fewest);
        Formula first = others.pop();
        if (!others.isEmpty()) {
            effort.spend(open.size());
            choices.push(new Choice(undo.size(), List.copyOf(open), others));
        }
        return isRefused(first);
    }

    /** The parts of a disjunction that are not refused at first sight. */
    private List<Formula> ways(Formula.Any any, List<Refusal> refusals) {
        var ways = new ArrayList<Formula>();
        int mark = undo.size();
        for (Formula part : any.parts()) {
            Optional<Refusal> refusal = settle(part, new ArrayList<>());
            undoTo(mark);
            if (refusal.isPresent()) {
                refusals.add(refusal.get());
            } else {
                ways.add(part);
            }
        }
        return ways;
    }

    private Optional<Formula> back() {
        while (!choices.isEmpty()) {
            Choice choice = choices.peek();
            undoTo(choice.mark());
            if (choice.ways().isEmpty()) {
                choices.pop();
            } else {
                effort.spend(choice.open().size());
                open = new ArrayList<>(choice.open());
                return Optional.of(choice.ways().pop());
            }
        }
        return Optional.empty();
    }

    /** Adds every single demand of a formula, and collects the disjunctions in it. */
    private Optional<Refusal> settle(Formula formula, List<Formula.Any> later) {
        var todo = new ArrayDeque<Formula>();
        todo.push(formula);
        while (!todo.isEmpty() && !effort.exhausted()) {
            effort.spend(1);
            switch (todo.pop()) {
                case Formula.All(List<Formula> parts) -> parts.reversed().forEach(todo::push);
                case Formula.Any any -> later.add(any);
                case Formula.Single(Demand demand) -> {
                    String key = demand.subject().key();
                    Optional<Standing> earlier = Optional.ofNullable(standings.get(key));
                    Standing before = earlier.orElseGet(() -> Standing.of(demand.subject()));
                    Optional<Standing> after = before.with(demand, effort);
                    if (after.isEmpty()) {
                        return Optional.of(new Refusal(before, demand));
                    }
                    standings.put(key, after.get());
                    undo.push(new Undo(key, earlier));
                }
            }
        }
        return Optional.empty();
    }

    private void undoTo(int mark) {
        while (undo.size() > mark) {
            Undo last = undo.pop();
            last.before()
                    .ifPresentOrElse(before -> standings.put(last.key(), before), () -> standings.remove(last.key()));
        }
    }

    private void tell(Refusal refusal) {
        if (clashes.size() < TOLD) {
            clashes.add(refusal.standing().clashWith(refusal.demand()));
        }
    }
}
