package io.countersign.service.caller;

import java.util.Set;

/** Who asks. */
public sealed interface Caller {
    /** Nobody said who he is. */
    record Anonymous() implements Caller {}

    /**
     * A registered caller that showed its secret.
     *
     * @param name the operator's name for it
     * @param audiences names of the audiences it speaks for
     */
    record Known(String name, Set<String> audiences) implements Caller {}
}
