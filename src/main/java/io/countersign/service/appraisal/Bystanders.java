package io.countersign.service.appraisal;

import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.result.PolicyIdentity;
import io.countersign.verifier.scheme.CompositeEvidence;
import java.util.List;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Tells all bystanders of a verdict; what goes wrong with them is said in the log and nowhere else. */
public final class Bystanders {
    private static final Logger LOG = Logger.getLogger(Bystanders.class);

    private final List<Bystander> all;

    public Bystanders(List<Bystander> all) {
        this.all = List.copyOf(all);
    }

    /** A request for a token was judged, however that ended. */
    void attested(
            AppraisalRequest request,
            CompositeEvidence evidence,
            AppraisalPolicy policy,
            AppraisalService.Appraised appraised) {
        tell(Bystander.Occasion.ATTESTATION, request, evidence, policy, appraised);
    }

    /** A request for an explanation was judged. */
    public void appraised(
            AppraisalRequest request,
            CompositeEvidence evidence,
            AppraisalPolicy policy,
            AppraisalService.Appraised appraised) {
        tell(Bystander.Occasion.APPRAISAL, request, evidence, policy, appraised);
    }

    private void tell(
            Bystander.Occasion occasion,
            AppraisalRequest request,
            CompositeEvidence evidence,
            AppraisalPolicy policy,
            AppraisalService.Appraised appraised) {
        if (all.isEmpty()) {
            return;
        }
        var judged = new Bystander.Judged(occasion, request, evidence, appraised.inHand(), policy, appraised.result());
        tell(bystander -> bystander.judged(judged));
    }

    /** A token was made. */
    void countersigned(String audience, PolicyIdentity policy) {
        tell(bystander -> bystander.countersigned(audience, policy));
    }

    private void tell(Consumer<Bystander> what) {
        for (Bystander bystander : all) {
            try {
                what.accept(bystander);
            } catch (RuntimeException e) {
                LOG.errorf(e, "a verdict was given, but %s failed to take note of it", bystander);
            }
        }
    }
}
