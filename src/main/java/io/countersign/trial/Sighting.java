package io.countersign.trial;

import io.countersign.cases.Case;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.trust.Endorsements;
import java.time.Instant;

/**
 * Evidence as it was once judged.
 *
 * @param inHand what the verdict rested on
 * @param at when it was judged
 */
public record Sighting(CompositeEvidence evidence, Endorsements inHand, Binding binding, Instant at) {
    public static Sighting of(Case recorded) {
        return new Sighting(recorded.evidence(), recorded.inHand(), recorded.binding(), recorded.at());
    }
}
