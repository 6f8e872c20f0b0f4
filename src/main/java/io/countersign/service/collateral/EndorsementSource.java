package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.EndorsementRef;
import java.util.List;
import java.util.Optional;

/** One vendor's endorsements: which they are, what their bytes say of themselves, and how they are fetched. */
public interface EndorsementSource extends AutoCloseable {
    boolean supports(EndorsementRef ref);

    /** A plain sentence when a supported reference names something that nobody could supply, such as a masked chip. */
    Optional<String> objection(EndorsementRef ref);

    /** Asked only for what is supported and not objected to. */
    EndorsementTraits traits(EndorsementRef ref);

    /** Never throws for anything the bytes hold. */
    Reading read(EndorsementRef ref, Bytes content);

    /** Asks the vendor, once, and comes back within the configured times. Never called in offline mode. */
    Fetched fetch(EndorsementRef ref);

    /** Every reference that is shared by many machines. */
    List<EndorsementRef> shared();

    @Override
    void close();
}
