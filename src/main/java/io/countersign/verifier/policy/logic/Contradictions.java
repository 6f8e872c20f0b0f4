package io.countersign.verifier.policy.logic;

import dev.cel.common.ast.CelExpr;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Finds rules that no evidence can meet together. */
public final class Contradictions {
    /** For one evidence type and all rules of a policy that are about it. */
    static final long MOST_WORK = 50_000;

    /**
     * Rules that exclude each other.
     *
     * @param rule the index of the first rule that cannot be met together with those before it
     * @param others the index of the one that it excludes; all before it, if it takes several; none, if no evidence of this
     *     type can meet even the rule alone
     */
    public record Conflict(int rule, List<Integer> others, Clash clash) {
        public Conflict {
            others = List.copyOf(others);
        }
    }

    private Contradictions() {}

    /**
     * The first contradiction among rules that must be met together.
     *
     * @param rules the most important last: a contradiction is told at the later of two
     * @param facts of the one evidence type that all of them are about
     */
    public static Optional<Conflict> among(List<CelExpr> rules, Facts facts) {
        return among(rules, facts, new Effort(MOST_WORK));
    }

    static Optional<Conflict> among(List<CelExpr> rules, Facts facts, Effort effort) {
        List<Formula> formulas = rules.stream()
                .map(rule -> new FormulaReader(facts).read(rule, true))
                .toList();
        if (formulas.isEmpty() || clash(formulas, effort).isEmpty()) {
            return Optional.empty();
        }
        // Halving: what comes out is in any case a rule with which those before it were seen to be impossible.
        int possible = 0;
        int impossible = formulas.size();
        while (impossible - possible > 1) {
            int middle = (possible + impossible) / 2;
            if (clash(formulas.subList(0, middle), effort).isPresent()) {
                impossible = middle;
            } else {
                possible = middle;
            }
        }
        int last = impossible - 1;
        Formula rule = formulas.get(last);
        Optional<Clash> alone = clash(List.of(rule), effort);
        if (alone.isPresent()) {
            return Optional.of(new Conflict(last, List.of(), alone.get()));
        }
        for (int other = 0; other < last; other++) {
            Optional<Clash> both = clash(List.of(formulas.get(other), rule), effort);
            if (both.isPresent()) {
                return Optional.of(new Conflict(last, List.of(other), both.get()));
            }
        }
        return clash(formulas.subList(0, impossible), new Effort(MOST_WORK))
                .map(clash ->
                        new Conflict(last, IntStream.range(0, last).boxed().toList(), clash));
    }

    private static Optional<Clash> clash(List<Formula> formulas, Effort effort) {
        return Search.run(new Formula.All(formulas), effort) instanceof Search.Impossible(var clashes)
                ? Optional.of(clashes.getLast())
                : Optional.empty();
    }
}
