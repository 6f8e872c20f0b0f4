package io.countersign.verifier.trust;

import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.check.Outcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a policy tolerates, in writing. Nothing here can turn a failed check of authenticity into a pass.
 *
 * @param policy the id of the policy that says so
 * @param staleCrl how long after nextUpdate the service's own copy of a CRL still counts
 * @param waivers reasons by check code; only what is waivable and undetermined is ever waived
 *     A key is a check's code, or the code with the one type of evidence it is waived for: {@code gpu.fwid@nvidia-nvswitch}
 * @param tcbStatuses reasons by Intel's word for a TCB that is not up to date but good enough here
 * @param ocspMaxAge how long after it was produced an OCSP answer still counts, should it not end earlier by itself
 * @param certificateHold why a signer of reference values may be on hold (RFC 5280, section 5.3.1); empty: it may not
 */
public record Tolerances(
        String policy,
        Duration staleCrl,
        Map<String, String> waivers,
        Map<String, String> tcbStatuses,
        Duration ocspMaxAge,
        Optional<String> certificateHold) {
    public static final Duration DEFAULT_OCSP_MAX_AGE = Duration.ofHours(24);

    /** What a policy may tolerate; what Intel revoked, does not list or did not sign is never good enough. */
    public static final List<String> TOLERABLE_TCB_STATUSES = List.of(
            "SWHardeningNeeded",
            "ConfigurationNeeded",
            "ConfigurationAndSWHardeningNeeded",
            "OutOfDate",
            "OutOfDateConfigurationNeeded",
            "TDRelaunchAdvised",
            "TDRelaunchAdvisedConfigurationNeeded");

    public Tolerances {
        waivers = Map.copyOf(waivers);
        tcbStatuses = Map.copyOf(tcbStatuses);
    }

    /** With nothing said about OCSP. */
    public Tolerances(String policy, Duration staleCrl, Map<String, String> waivers, Map<String, String> tcbStatuses) {
        this(policy, staleCrl, waivers, tcbStatuses, DEFAULT_OCSP_MAX_AGE, Optional.empty());
    }

    /** The same, with what is waived for one type of evidence only turned into plain waivers, and all others left out. */
    public Tolerances forType(String type) {
        var applying = new HashMap<String, String>();
        waivers.forEach((key, reason) -> {
            int at = key.indexOf('@');
            if (at < 0) {
                applying.putIfAbsent(key, reason);
            } else if (key.substring(at + 1).equals(type)) {
                applying.put(key.substring(0, at), reason);
            }
        });
        return new Tolerances(policy, staleCrl, applying, tcbStatuses, ocspMaxAge, certificateHold);
    }

    public static Tolerances strict(String policy) {
        return new Tolerances(policy, Duration.ZERO, Map.of(), Map.of());
    }

    /** Why a TCB of this status is good enough; empty when it is not. */
    public Optional<String> tcbStatus(String word) {
        return Optional.ofNullable(tcbStatuses.get(word)).filter(_ -> TOLERABLE_TCB_STATUSES.contains(word));
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
