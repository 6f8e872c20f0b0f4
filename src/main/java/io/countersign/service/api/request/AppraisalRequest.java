package io.countersign.service.api.request;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request of {@code /v1/attestations} or {@code /v1/appraisals}, read and decoded.
 *
 * @param policy an id, or empty for the default
 * @param policySource a draft, on appraisals only
 * @param at on appraisals only
 * @param endorsements what the caller brings, by slot
 */
public record AppraisalRequest(
        Optional<String> policy,
        Optional<String> policySource,
        Optional<String> policyDigest,
        Optional<String> audience,
        Binding binding,
        Optional<AttestedKey> key,
        Optional<Instant> at,
        List<RawDevice> evidence,
        Map<String, List<Bytes>> endorsements) {}
