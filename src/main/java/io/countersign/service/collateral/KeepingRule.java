package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.EndorsementRef;
import java.util.Optional;

/**
 * A second opinion on whether to remember what was fetched. Gathering itself checks no signature, so a forged revocation
 * list with a huge number could take the place of genuine ones; a rule that asks the core for the signature prevents that.
 * What is not kept is still handed over once, to be judged and refused with its reason.
 */
@FunctionalInterface
public interface KeepingRule {
    /** A plain sentence when the content should not be remembered. */
    Optional<String> reasonNotToKeep(EndorsementRef ref, Bytes content);

    static KeepingRule keepWhatFits() {
        return (_, _) -> Optional.empty();
    }
}
