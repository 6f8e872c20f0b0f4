package io.countersign.service.appraisal;

import io.countersign.service.collateral.ClientId;
import io.countersign.service.collateral.EndorsementGatherer;
import io.countersign.service.collateral.GatheringOverloadedException;
import io.countersign.verifier.Verifier;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gathers what parsed evidence wants, then authenticates and appraises it. */
public final class AppraisalService {
    private final Verifier verifier;
    private final EndorsementGatherer gatherer;

    public AppraisalService(Verifier verifier, EndorsementGatherer gatherer) {
        this.verifier = verifier;
        this.gatherer = gatherer;
    }

    /**
     * One appraisal at one instant.
     *
     * @param brought the request's own endorsements, by slot
     * @param client for whom unknown chips are looked up
     */
    public AttestationResult appraise(
            CompositeEvidence evidence,
            Map<String, List<Bytes>> brought,
            AppraisalPolicy policy,
            Binding binding,
            Instant at,
            ClientId client)
            throws GatheringOverloadedException {
        Endorsements endorsements = gather(evidence, Endorsements.brought(brought), at, client);
        return verifier.appraise(evidence, endorsements, policy, binding, at);
    }

    private Endorsements gather(CompositeEvidence evidence, Endorsements inHand, Instant at, ClientId client)
            throws GatheringOverloadedException {
        Endorsements gathered = inHand;
        for (int round = 0; round < Verifier.ROUNDS; round++) {
            Set<EndorsementRef> wanted = verifier.wanted(evidence, gathered, at);
            if (wanted.isEmpty()) {
                break;
            }
            gathered = gathered.with(gatherer.gather(wanted, client));
        }
        return gathered;
    }
}
