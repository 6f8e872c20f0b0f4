package io.countersign.verifier.trust;

import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.check.Outcome;
import java.time.Duration;
import java.util.Map;

/**
 * What a policy lets authentication tolerate, in writing. Nothing here can turn a failure into a pass.
 *
 * @param policy the id of the policy that says so
 * @param staleCrl how long after nextUpdate the service's own copy of a CRL still counts
 * @param waivers reasons by check code; only what is waivable and undetermined is ever waived
 */
public record Tolerances(String policy, Duration staleCrl, Map<String, String> waivers) {
    public Tolerances {
        waivers = Map.copyOf(waivers);
    }

    public static Tolerances strict(String policy) {
        return new Tolerances(policy, Duration.ZERO, Map.of());
    }

    /** The outcome, or the policy's waiver in its place where the check allows that and it is undetermined. */
    public Outcome applyTo(CheckId id, Outcome outcome) {
        String reason = waivers.get(id.code());
        if (reason != null && id.waivableWhenUndetermined() && outcome instanceof Outcome.Undetermined) {
            return new Outcome.Waived(policy, reason);
        }
        return outcome;
    }
}
