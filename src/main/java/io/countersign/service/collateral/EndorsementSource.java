package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.EndorsementRef;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One vendor's endorsements: which they are, what their bytes say of themselves, and how they are fetched. */
public interface EndorsementSource extends AutoCloseable {
    /** What the vendor's service is called in metrics. */
    String vendor();

    boolean supports(EndorsementRef ref);

    /** A plain sentence when a supported reference names something that nobody could supply, such as a masked chip. */
    Optional<String> objection(EndorsementRef ref);

    /** Asked only for what is supported and not objected to. */
    EndorsementTraits traits(EndorsementRef ref);

    /** Never throws for anything the bytes hold. */
    Reading read(EndorsementRef ref, Bytes content);

    /** The same content in the one form that is kept and judged, where vendors or people give out several. */
    default Bytes canonical(EndorsementRef ref, Bytes content) {
        return content;
    }

    /** Whom to ask, in this order, until one has something to take; at least one. */
    List<URI> origins(EndorsementRef ref);

    /** Asks one of the origins, once, and comes back within that time. Never called in offline mode. */
    Fetched fetch(EndorsementRef ref, URI origin, Duration atMost);

    /**
     * The reference whose highest number seen is all that this one asks for; such a one is answered from memory and never
     * fetched.
     */
    default Optional<EndorsementRef> numbered(EndorsementRef ref) {
        return Optional.empty();
    }

    /** How many machines never seen before one client may make us ask this vendor about; counted for each vendor apart. */
    CollateralConfig.Budget budget();

    /** Every reference that is shared by many machines and known in advance. */
    List<EndorsementRef> shared();

    @Override
    void close();
}
