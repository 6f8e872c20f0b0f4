package io.countersign.service.introspection;

import java.util.Map;

/** What there is to say about a token. */
public sealed interface Introspection {
    /** In one word, for metrics and logs; whoever asked is told less of what is not his. */
    default String word() {
        return switch (this) {
            case Active(var _, var singleUse) -> singleUse.word();
            case Inactive(var reason) -> reason.word();
            case Untold(var secret) -> secret.word();
        };
    }

    /**
     * It is good now.
     *
     * @param claims what the token itself says
     */
    record Active(Map<String, Object> claims, SingleUse singleUse) implements Introspection {}

    /** It is the asker's own token, and not good. */
    record Inactive(Reason reason) implements Introspection {}

    /** It is none of the asker's: nothing is told, and the reason is for metrics alone. */
    record Untold(Secret reason) implements Introspection {}

    /** Whether the token can still be consumed. */
    enum SingleUse {
        UNUSED("unused"),
        CONSUMED_NOW("consumed-now");

        private final String word;

        SingleUse(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /** Why the asker's own token is not good. The words are for ever. */
    enum Reason {
        EXPIRED("expired", "The token has ended; the workload attests again."),
        NOT_YET_VALID(
                "not-yet-valid",
                "The token begins more than a minute from now; compare the clocks of the replicas, and attest again."),
        POLICY_WITHDRAWN(
                "policy-withdrawn",
                "No token is made under its policy for this audience any more; ask the operator which one it is now."),
        POLICY_CHANGED(
                "policy-changed", "Its policy was edited since; the workload attests again, under what is loaded now."),
        CONSUMED("consumed", "The token was used up by an earlier question; the workload attests again."),
        STORE_FORGOT(
                "store-forgot",
                "Whether the token was consumed is not known any more, so it counts as consumed; the workload attests again.");

        private final String word;
        private final String hint;

        Reason(String word, String hint) {
            this.word = word;
            this.hint = hint;
        }

        public String word() {
            return word;
        }

        public String hint() {
            return hint;
        }
    }

    /** Why nothing is told. */
    enum Secret {
        SIGNATURE_UNKNOWN("signature-unknown"),
        AUDIENCE_REMOVED("audience-removed"),
        ANOTHER_AUDIENCE("another-audience");

        private final String word;

        Secret(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }
}
