package io.countersign.verifier.policy.logic;

import java.util.List;

/** What is certain of a rule before there is any evidence. */
public sealed interface Judgement {
    /** Evidence decides, or it would take too long to tell. */
    record Open() implements Judgement {}

    /**
     * No evidence makes it true.
     *
     * @param clashes why not, by branch; never empty
     */
    record Never(List<Clash> clashes) implements Judgement {
        public Never {
            clashes = List.copyOf(clashes);
        }
    }

    /**
     * No evidence makes it false.
     *
     * @param clashes why not, by branch; never empty
     */
    record Always(List<Clash> clashes) implements Judgement {
        public Always {
            clashes = List.copyOf(clashes);
        }
    }
}
