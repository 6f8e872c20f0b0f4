package io.countersign.service.appraisal;

import io.countersign.service.collateral.ClientId;
import io.countersign.service.collateral.EndorsementGatherer;
import io.countersign.service.collateral.Gathered;
import io.countersign.service.collateral.GatheringOverloadedException;
import io.countersign.service.collateral.Occasion;
import io.countersign.service.verbs.Verb;
import io.countersign.service.verbs.Verbs;
import io.countersign.verifier.Verifier;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Gathers what parsed evidence wants, then authenticates and appraises it. */
public final class AppraisalService {
    /**
     * A result, and how long to wait where something could not be fetched just now.
     *
     * @param retryAfter empty when nothing was missing for that reason
     * @param inHand what the verdict rests on
     */
    public record Appraised(AttestationResult result, Optional<Duration> retryAfter, Endorsements inHand) {}

    private final Verifier verifier;
    private final EndorsementGatherer gatherer;
    private final Verbs verbs;

    public AppraisalService(Verifier verifier, EndorsementGatherer gatherer, Verbs verbs) {
        this.verifier = verifier;
        this.gatherer = gatherer;
        this.verbs = verbs;
    }

    /**
     * One appraisal at one instant.
     *
     * @param brought the request's own endorsements, by slot
     * @param occasion whether {@code at} is this moment
     * @param client for whom unknown chips are looked up
     */
    public Appraised appraise(
            CompositeEvidence evidence,
            Map<String, List<Bytes>> brought,
            AppraisalPolicy policy,
            Binding binding,
            Instant at,
            Occasion occasion,
            ClientId client)
            throws GatheringOverloadedException {
        Complete complete;
        try (var _ = verbs.begin(Verb.GATHER)) {
            complete = gather(evidence, Endorsements.brought(brought), at, occasion, client);
        }
        Endorsements inHand = complete.inHand();
        Map<String, Authentication> authentications;
        try (var _ = verbs.begin(Verb.AUTHENTICATE)) {
            authentications = verifier.authenticate(evidence, inHand, policy.tolerances(), binding, at);
        }
        try (var _ = verbs.begin(Verb.APPRAISE)) {
            var result = verifier.appraise(evidence, authentications, policy, binding, at);
            return new Appraised(result, complete.retryAfter(), inHand);
        }
    }

    private record Complete(Endorsements inHand, Optional<Duration> retryAfter) {}

    private Complete gather(
            CompositeEvidence evidence, Endorsements brought, Instant at, Occasion occasion, ClientId client)
            throws GatheringOverloadedException {
        Endorsements inHand = brought;
        Optional<Duration> retryAfter = Optional.empty();
        for (int round = 0; round < Verifier.ROUNDS; round++) {
            Set<EndorsementRef> wanted = verifier.wanted(evidence, inHand, at);
            if (wanted.isEmpty()) {
                break;
            }
            Gathered gathered = gatherer.gather(wanted, client, occasion);
            inHand = inHand.with(gathered.found());
            retryAfter = gathered.retryAfter().or(orElse(retryAfter));
        }
        return new Complete(inHand, retryAfter);
    }

    private static Supplier<Optional<Duration>> orElse(Optional<Duration> earlier) {
        return () -> earlier;
    }
}
