package io.countersign.verifier.scheme;

import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.ClaimCatalogue;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** One type of evidence: how it is parsed, which endorsements it wants, and how it is authenticated. */
public interface AttestationScheme<E extends Evidence> {
    /** The evidence type as the contract names it: {@code sev-snp}. */
    String id();

    DeviceClass deviceClass();

    List<EvidenceMember> members();

    E parse(RawEvidence raw) throws EvidenceException;

    /**
     * Which endorsements are still missing, as data. Asks only after everything that can be verified without them has
     * been, because anybody may send bytes that make a service fetch.
     */
    Set<EndorsementRef> wanted(E evidence, Endorsements inHand, Instant at);

    /** Never throws for anything the evidence or an endorsement holds. */
    Authentication authenticate(E evidence, AuthenticationContext context);

    /** Every field with its name, nothing judged. */
    List<Field> show(E evidence);

    ClaimCatalogue claims();

    /** Every check of this scheme, in the order of its report. */
    List<CheckId> checks();
}
