package io.countersign.verifier.policy.logic;

import java.util.List;

/** What must hold for an expression to be true, or for it to be false: negations stand at single comparisons only. */
sealed interface Formula {
    record Single(Demand demand) implements Formula {}

    record All(List<Formula> parts) implements Formula {
        public All {
            parts = List.copyOf(parts);
        }
    }

    record Any(List<Formula> parts) implements Formula {
        public Any {
            parts = List.copyOf(parts);
        }
    }

    /** What holds always. */
    Formula TRUE = new All(List.of());
}
