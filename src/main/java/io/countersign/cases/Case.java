package io.countersign.cases;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One request as it was, or is to be, judged: everything that a verdict depends on but the policy.
 *
 * @param name for people: the file's or the fixture's
 * @param evidence parsed, and tied to the schemes and anchors that judge it
 * @param endorsements what the request brought, by slot
 * @param gathered what the service had of its own: judged otherwise than what is brought once it is over
 * @param at judged as of then
 * @param policy the id of the policy that the request named
 * @param recorded what the service said when it was recorded
 */
public record Case(
        String name,
        CompositeEvidence evidence,
        Map<String, List<Bytes>> endorsements,
        Map<EndorsementRef, Availability> gathered,
        Binding binding,
        Instant at,
        Optional<String> policy,
        Optional<Recorded> recorded) {
    /**
     * The verdict at the time.
     *
     * @param status the word of the status
     * @param policyVersion the empty text where nobody wrote it down
     * @param policyDigest the policy that said so, {@code sha256:…}
     * @param verdict whether a token could be made; empty where nobody wrote it down
     */
    public record Recorded(
            String status, String policy, String policyVersion, String policyDigest, Optional<Verdict> verdict) {}

    /** Whether a token could be made. */
    public enum Verdict {
        FAVOURABLE("favourable"),
        REFUSED("refused");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    public Case {
        endorsements = Map.copyOf(endorsements);
        gathered = Map.copyOf(gathered);
    }

    /** What was in hand for the verdict; nothing more is ever fetched for a case. */
    public Endorsements inHand() {
        return Endorsements.brought(endorsements).with(gathered);
    }
}
