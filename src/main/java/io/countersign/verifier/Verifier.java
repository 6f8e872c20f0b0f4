package io.countersign.verifier;

import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.Appraiser;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.Tolerances;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The façade of the core: which endorsements are still wanted, and the explained result once they are in hand. */
public final class Verifier {
    /** How often endorsements are asked for at most: a chip, then its chain, then its revocation list. */
    public static final int ROUNDS = 3;

    /** The endorsements that would still change the result; empty when nothing is missing. */
    public Set<EndorsementRef> wanted(CompositeEvidence evidence, Endorsements inHand, Instant at) {
        var wanted = new LinkedHashSet<EndorsementRef>();
        for (Set<EndorsementRef> ofOne : SideBySide.map(evidence.submodules(), each -> each.wanted(inHand, at))) {
            ofOne.stream().filter(ref -> !inHand.answered(ref)).forEach(wanted::add);
        }
        return wanted;
    }

    /** Authenticates every submodule and appraises the whole; the same inputs always give the same result. */
    public AttestationResult appraise(
            CompositeEvidence evidence,
            Endorsements endorsements,
            AppraisalPolicy policy,
            Binding binding,
            Instant at) {
        var authentications = authenticate(evidence, endorsements, policy.tolerances(), binding, at);
        return appraise(evidence, authentications, policy, binding, at);
    }

    /**
     * Appraises what was authenticated.
     *
     * @param authentications of {@link #authenticate}, with this policy's tolerances, at the same instant
     */
    public AttestationResult appraise(
            CompositeEvidence evidence,
            Map<String, Authentication> authentications,
            AppraisalPolicy policy,
            Binding binding,
            Instant at) {
        return Appraiser.appraise(policy, evidence, authentications, binding, at);
    }

    /**
     * Authenticates every submodule, by label.
     *
     * @param tolerances those of the policy that will judge
     */
    public Map<String, Authentication> authenticate(
            CompositeEvidence evidence, Endorsements endorsements, Tolerances tolerances, Binding binding, Instant at) {
        var authentications = new LinkedHashMap<String, Authentication>();
        var concluded = SideBySide.map(
                evidence.submodules(),
                submodule -> submodule.authenticate(new AuthenticationContext(
                        at,
                        endorsements,
                        tolerances.forType(submodule.scheme().id()),
                        binding.method(),
                        evidence.expectedBytes(submodule, binding))));
        for (int i = 0; i < concluded.size(); i++) {
            authentications.put(evidence.submodules().get(i).label(), concluded.get(i));
        }
        return authentications;
    }
}
