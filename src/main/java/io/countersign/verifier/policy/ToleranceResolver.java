package io.countersign.verifier.policy;

import io.countersign.verifier.policy.PolicyDocument.Stated;
import io.countersign.verifier.policy.ToleranceReader.StatedTolerances;
import io.countersign.verifier.trust.Tolerances;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Puts together what a policy tolerates itself and what those it draws in tolerate: its own word counts, and where it is
 * silent, only what all of them say.
 */
final class ToleranceResolver {
    private final Issues issues;
    private final List<Tolerances> inherited;

    ToleranceResolver(Issues issues, List<AppraisalPolicy> parents) {
        this.issues = issues;
        this.inherited = parents.stream().map(AppraisalPolicy::tolerances).toList();
    }

    Tolerances resolve(String policy, StatedTolerances own) {
        return new Tolerances(
                policy,
                shortest(
                        own.staleCrl(),
                        Tolerances::staleCrl,
                        Duration.ZERO,
                        "a CRL may be stale for longer here than the policies drawn in allow"),
                reasons(own.waivers(), Tolerances::waivers),
                reasons(own.tcbStatuses(), Tolerances::tcbStatuses),
                shortest(
                        own.ocspMaxAge(),
                        Tolerances::ocspMaxAge,
                        Tolerances.DEFAULT_OCSP_MAX_AGE,
                        "an OCSP answer may be older here than the policies drawn in allow"),
                own.certificateHold().or(this::inheritedHold));
    }

    /** The own value, else the shortest of those drawn in, else the default. Loosening is said aloud. */
    private Duration shortest(
            Optional<Stated<Duration>> own, Function<Tolerances, Duration> of, Duration otherwise, String loosened) {
        Optional<Duration> shortest = inherited.stream().map(of).min(Duration::compareTo);
        own.ifPresent(stated -> shortest.filter(drawnIn -> stated.value().compareTo(drawnIn) > 0)
                .ifPresent(_ -> issues.warning(stated.node(), loosened, "")));
        return own.map(Stated::value).or(() -> shortest).orElse(otherwise);
    }

    /** What the file itself excuses, and what all that it draws in excuse. */
    private Map<String, String> reasons(Map<String, String> own, Function<Tolerances, Map<String, String>> of) {
        var reasons = new HashMap<String, String>();
        // In the order of extends, so that the reason shown is that of the first policy which gives one.
        inherited.forEach(each -> of.apply(each).forEach((key, reason) -> {
            if (inherited.stream().allMatch(other -> excuses(of.apply(other), key))) {
                reasons.putIfAbsent(key, reason);
            }
        }));
        reasons.putAll(own);
        return reasons;
    }

    /** What is excused for every type of evidence is excused for one of them. */
    private static boolean excuses(Map<String, String> excused, String key) {
        int at = key.indexOf('@');
        return excused.containsKey(key) || at >= 0 && excused.containsKey(key.substring(0, at));
    }

    private Optional<String> inheritedHold() {
        return inherited.stream().allMatch(each -> each.certificateHold().isPresent())
                ? inherited.stream().findFirst().flatMap(Tolerances::certificateHold)
                : Optional.empty();
    }
}
