package io.countersign.verifier.policy;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.result.TrustTier;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A case and what the policy that holds the test must say about it.
 *
 * @param caseName {@code fixture:<folder>/<name>} of those that ship, or a path relative to the policy's file
 * @param at judge as of then, instead of the case's own time
 * @param with claims that the test sets to another value, by label and path: {@code cpu0.snp.vmpl}. As {@link
 *     io.countersign.verifier.claim.Claims#find} would give them
 * @param without claims that the test takes away, by label and path
 * @param status the status of the whole
 * @param token whether a token could be made
 * @param rules names of rules and the word of the outcome that each must have, see {@link Outcome#word}; of one that is
 *     evaluated on several submodules, the worst
 * @param line where the test stands in the policy's file
 */
public record PolicyTest(
        String name,
        String caseName,
        Optional<Instant> at,
        Map<String, Object> with,
        List<String> without,
        TrustTier status,
        Optional<TokenExpectation> token,
        Map<String, String> rules,
        int line) {
    /** Whether a test expects that a token could be made. */
    public enum TokenExpectation {
        ALLOWED,
        REFUSED;

        public String word() {
            return this == ALLOWED ? "allowed" : "refused";
        }
    }

    public PolicyTest {
        with = Collections.unmodifiableMap(new LinkedHashMap<>(with));
        without = List.copyOf(without);
        rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
    }
}
