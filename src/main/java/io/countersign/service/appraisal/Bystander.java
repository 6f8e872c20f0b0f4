package io.countersign.service.appraisal;

import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.service.api.request.RawDevice;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.result.PolicyIdentity;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.trust.Endorsements;
import java.util.List;

/** Learns of verdicts and changes none. Returns at once: what takes time is done elsewhere, or not at all. */
@FunctionalInterface
public interface Bystander {
    /** What was asked. */
    enum Occasion {
        ATTESTATION,
        APPRAISAL
    }

    /** A request, all that was in hand for its verdict, and the verdict. */
    record Judged(
            Occasion occasion,
            AppraisalRequest request,
            CompositeEvidence evidence,
            Endorsements inHand,
            AppraisalPolicy policy,
            AttestationResult result) {
        /** Bytes that the request brought: what keeping it costs, and anyone may send a lot. */
        public long size() {
            return request.evidence().stream()
                            .map(RawDevice::evidence)
                            .flatMap(device -> device.members().values().stream())
                            .mapToLong(Bytes::length)
                            .sum()
                    + request.endorsements().values().stream()
                            .flatMap(List::stream)
                            .mapToLong(Bytes::length)
                            .sum();
        }
    }

    void judged(Judged judged);

    /** A token was made after such a verdict, and its challenge was spent. */
    default void countersigned(String audience, PolicyIdentity policy) {}
}
