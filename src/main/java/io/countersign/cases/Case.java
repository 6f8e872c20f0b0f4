package io.countersign.cases;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.scheme.CompositeEvidence;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One request as it was, or is to be, judged: everything that a verdict depends on but the policy.
 *
 * @param name for people: the file's or the fixture's
 * @param evidence parsed, and tied to the schemes and anchors that judge it
 * @param endorsements what was in hand, by slot
 * @param at judged as of then
 * @param policy the id of the policy that the request named
 * @param recorded what the service said when it was recorded
 */
public record Case(
        String name,
        CompositeEvidence evidence,
        Map<String, List<Bytes>> endorsements,
        Binding binding,
        Instant at,
        Optional<String> policy,
        Optional<Recorded> recorded) {
    /**
     * The verdict at the time.
     *
     * @param status the word of the status
     * @param policyDigest the policy that said so, {@code sha256:…}
     */
    public record Recorded(String status, String policy, String policyDigest) {}

    public Case {
        endorsements = Map.copyOf(endorsements);
    }
}
