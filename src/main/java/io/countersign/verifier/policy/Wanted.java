package io.countersign.verifier.policy;

import java.util.List;

/** What is not met: every operand in it is false. */
sealed interface Wanted {
    record Just(Operand operand) implements Wanted {}

    record All(List<Wanted> parts) implements Wanted {
        public All {
            parts = List.copyOf(parts);
        }
    }

    record Any(List<Wanted> parts) implements Wanted {
        public Any {
            parts = List.copyOf(parts);
        }
    }

    default List<Operand> operands() {
        return switch (this) {
            case Just(var operand) -> List.of(operand);
            case All(var parts) ->
                parts.stream().flatMap(part -> part.operands().stream()).toList();
            case Any(var parts) ->
                parts.stream().flatMap(part -> part.operands().stream()).toList();
        };
    }

    /** In words: {@code a and (b or c)}. */
    default String expected(RuleView view) {
        return switch (this) {
            case Just(var operand) -> operand.expected(view);
            case All(var parts) -> joined(parts, " and ", view);
            case Any(var parts) -> joined(parts, " or ", view);
        };
    }

    private static String joined(List<Wanted> parts, String word, RuleView view) {
        return parts.size() == 1
                ? parts.getFirst().expected(view)
                : Shown.listed(
                        parts,
                        word,
                        part -> part instanceof Just || part.operands().size() == 1
                                ? part.expected(view)
                                : "(" + part.expected(view) + ")");
    }
}
