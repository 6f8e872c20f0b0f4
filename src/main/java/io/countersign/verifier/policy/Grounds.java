package io.countersign.verifier.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * A rule taken apart at its {@code &&}, {@code ||} and {@code ?:}, so that an outcome can be put down to the parts that made
 * it. The rule's own program decides; this only explains.
 */
sealed interface Grounds {
    /** All of these must be true. */
    record Every(List<Grounds> operands) implements Grounds {
        public Every {
            operands = List.copyOf(operands);
        }
    }

    /** One of these must be true. */
    record OneOf(List<Grounds> operands) implements Grounds {
        public OneOf {
            operands = List.copyOf(operands);
        }
    }

    /** The condition says which of the two must be true. */
    record Branch(Grounds condition, Grounds met, Grounds otherwise) implements Grounds {}

    /** A part that is taken no further apart. */
    record Single(Operand operand) implements Grounds {}

    /** How it ended, and by which operands. */
    sealed interface Finding {
        record Met() implements Finding {}

        /** False, because nothing met what is wanted. */
        record NotMet(Wanted wanted) implements Finding {}

        /** Unknown, because these are. */
        record Open(List<Operand> operands) implements Finding {
            public Open {
                operands = List.copyOf(operands);
            }
        }
    }

    /** Evaluates every operand at most once. */
    default Finding find(RuleView view) {
        return switch (this) {
            case Single(var operand) ->
                switch (view.truth(operand.program())) {
                    case MET -> new Finding.Met();
                    case NOT_MET -> new Finding.NotMet(new Wanted.Just(operand));
                    case UNKNOWN -> new Finding.Open(List.of(operand));
                };
            case Every(var operands) -> every(operands, view);
            case OneOf(var operands) -> oneOf(operands, view);
            case Branch(var condition, var met, var otherwise) ->
                switch (condition.find(view)) {
                    case Finding.Met _ -> met.find(view);
                    case Finding.NotMet _ -> otherwise.find(view);
                    case Finding.Open open -> open;
                };
        };
    }

    /** CEL: false when one operand is, whether or not others are known. */
    private static Finding every(List<Grounds> operands, RuleView view) {
        var wanted = new ArrayList<Wanted>();
        var open = new ArrayList<Operand>();
        operands.forEach(each -> sort(each.find(view), wanted, open));
        if (!wanted.isEmpty()) {
            return new Finding.NotMet(new Wanted.All(wanted));
        }
        return open.isEmpty() ? new Finding.Met() : new Finding.Open(open);
    }

    /** CEL: true when one operand is, whether or not others are known. */
    private static Finding oneOf(List<Grounds> operands, RuleView view) {
        var wanted = new ArrayList<Wanted>();
        var open = new ArrayList<Operand>();
        boolean met = false;
        for (Grounds each : operands) {
            Finding finding = each.find(view);
            met |= finding instanceof Finding.Met;
            sort(finding, wanted, open);
        }
        if (met) {
            return new Finding.Met();
        }
        return open.isEmpty() ? new Finding.NotMet(new Wanted.Any(wanted)) : new Finding.Open(open);
    }

    private static void sort(Finding finding, List<Wanted> wanted, List<Operand> open) {
        switch (finding) {
            case Finding.Met _ -> {}
            case Finding.NotMet(var unmet) -> wanted.add(unmet);
            case Finding.Open(var operands) -> open.addAll(operands);
        }
    }
}
