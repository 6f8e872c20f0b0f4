package io.countersign.trial;

import io.countersign.trial.Forecast.Ending;
import io.countersign.trial.Forecast.Reason;
import io.countersign.trial.Forecast.Standing;
import io.countersign.trial.Yardstick.Admission;
import io.countersign.verifier.Verifier;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyTrial;
import io.countersign.verifier.policy.PolicyTrial.TrialVerdict;
import io.countersign.verifier.tee.tdx.IntelEndorsementRef;
import io.countersign.verifier.tee.tdx.IntelPublication;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Judges a platform that was seen by what is to come: Intel's early channel, a policy that is to follow, ends of what the verdict
 * rests on. Everything else stays as it was when the platform was seen, so that only what is to come makes a difference.
 */
public final class Outlook {
    /** How far ahead ends are looked for, the nearest first. */
    public static final List<Duration> AHEAD = List.of(Duration.ofDays(7), Duration.ofDays(30));

    /**
     * Checks that end with certificates which only the machine's owner or its vendor can renew. Lists, statements and answers are
     * left aside: the service fetches them anew long before they end.
     */
    static final Set<String> OF_CERTIFICATES =
            Set.of("tdx.pck-chain", "snp.vek-chain", "gpu.certificate-chain", "gpu.driver-rim", "gpu.vbios-rim");

    private static final Verifier VERIFIER = new Verifier();

    private final Sighting seen;
    private final AppraisalPolicy inForce;
    private final Map<String, Authentication> asSeen;

    private Outlook(Sighting seen, AppraisalPolicy inForce) {
        this.seen = seen;
        this.inForce = inForce;
        this.asSeen = authenticated(inForce);
    }

    /** Judges evidence as of when it was seen, which is what everything to come is compared with. */
    public static Outlook of(Sighting seen, AppraisalPolicy inForce) {
        return new Outlook(seen, inForce);
    }

    public Platform platform() {
        return Platform.of(seen.evidence(), asSeen);
    }

    /** Whether the policy admitted it when it was seen. */
    public Admission then() {
        return admission(inForce, asSeen, seen.at());
    }

    /**
     * How it would fare.
     *
     * @param follower the policy that is to take the place of the one in force; empty when that stays
     * @param at from when on what is to come counts
     */
    public Forecast forecast(Optional<AppraisalPolicy> follower, Coming coming, Instant at) {
        Platform platform = platform();
        AppraisalPolicy policy = follower.orElse(inForce);
        Optional<Ending> ending = ending(at);
        if (platform.inForce().isEmpty() && follower.isEmpty()) {
            return new Forecast(Standing.NOT_ASKED, List.of(), ending);
        }
        List<Reason> unknown = unknown(platform, coming);
        if (!unknown.isEmpty()) {
            return new Forecast(Standing.UNDETERMINED, unknown, ending);
        }
        var byLabel = new HashMap<>(follower.isEmpty() ? asSeen : authenticated(policy));
        byLabel.putAll(new Supposition(seen, coming, at).authenticated(policy));
        Admission admission = admission(policy, byLabel, at);
        return switch (admission) {
            case ADMITTED -> new Forecast(Standing.ACCEPTED, List.of(), ending);
            case REFUSED -> new Forecast(Standing.REFUSED, reasons(policy, byLabel, at), ending);
        };
    }

    /** What has to be known and is not. A channel that is behind what is in force says nothing about what is to come. */
    private static List<Reason> unknown(Platform platform, Coming coming) {
        var unknown = new ArrayList<Reason>();
        platform.inForce().forEach((ref, number) -> {
            IntelPublication.Statement statement = coming.statements().get(ref);
            if (statement == null) {
                unknown.add(Reason.of("%s of the early channel is not in hand: %s"
                        .formatted(ref.description(), coming.trouble(ref))));
            } else if (statement.evaluationDataNumber() < number) {
                unknown.add(Reason.of(
                        "%s of the early channel has TCB evaluation data number %d, which is older than the %d in force"
                                .formatted(ref.description(), statement.evaluationDataNumber(), number)));
            }
        });
        return unknown.stream()
                .sorted(java.util.Comparator.comparing(Reason::full))
                .toList();
    }

    /** The statements of Intel's that judging this platform wants. */
    public Set<IntelEndorsementRef> asks() {
        return platform().inForce().keySet();
    }

    /** Of a platform that is refused as it is, nothing can end. */
    private Optional<Ending> ending(Instant at) {
        if (admission(inForce, asSeen, at) == Admission.REFUSED) {
            return Optional.of(new Ending(Duration.ZERO, reasons(inForce, asSeen, at)));
        }
        for (Duration within : AHEAD) {
            Instant then = at.plus(within);
            var ends = new ArrayList<>(ofCertificates(then));
            if (admission(inForce, asSeen, then) == Admission.REFUSED) {
                ends.addAll(reasons(inForce, asSeen, then));
            }
            if (!ends.isEmpty()) {
                return Optional.of(new Ending(within, ends));
            }
        }
        return Optional.empty();
    }

    private List<Reason> ofCertificates(Instant then) {
        var ends = new ArrayList<Reason>();
        VERIFIER.authenticate(seen.evidence(), seen.inHand(), inForce.tolerances(), seen.binding(), then)
                .forEach((label, authentication) -> authentication.report().checks().stream()
                        .filter(check -> OF_CERTIFICATES.contains(check.id().code())
                                && check.outcome() instanceof Outcome.Failed)
                        .map(check -> new Reason(
                                "%s of %s fails then".formatted(check.id().code(), label),
                                Reasons.sentence(label, check)))
                        .forEach(ends::add));
        return ends;
    }

    private Map<String, Authentication> authenticated(AppraisalPolicy policy) {
        return VERIFIER.authenticate(seen.evidence(), seen.inHand(), policy.tolerances(), seen.binding(), seen.at());
    }

    private Admission admission(AppraisalPolicy policy, Map<String, Authentication> byLabel, Instant at) {
        TrialVerdict verdict = verdict(policy, byLabel, at);
        return Yardstick.between(inForce, policy, seen.at()).admission(policy, verdict.status(), verdict.token());
    }

    private TrialVerdict verdict(AppraisalPolicy policy, Map<String, Authentication> byLabel, Instant at) {
        return PolicyTrial.judge(policy, seen.evidence(), byLabel, seen.binding(), at);
    }

    private List<Reason> reasons(AppraisalPolicy policy, Map<String, Authentication> byLabel, Instant at) {
        return new Reasons(policy, at, verdict(policy, byLabel, at), byLabel).all();
    }
}
