package io.countersign.service.caller;

import java.util.Set;

/** Who asks, and what he may do. */
public sealed interface Caller {
    /** Those of everybody count among them: who says who he is may do no less than who does not. */
    Set<Role> roles();

    /** Nobody said who he is. */
    record Anonymous(Set<Role> roles) implements Caller {
        public Anonymous {
            roles = Set.copyOf(roles);
        }
    }

    /**
     * A registered caller that showed a secret, a certificate or an issuer's token.
     *
     * @param name the operator's name for it
     * @param audiences names of the audiences it speaks for
     */
    record Known(String name, Set<String> audiences, Set<Role> roles) implements Caller {
        public Known {
            audiences = Set.copyOf(audiences);
            roles = Set.copyOf(roles);
        }
    }
}
