package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.ClaimCatalogue;
import io.countersign.verifier.scheme.AttestationScheme;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.scheme.DeviceClass;
import io.countersign.verifier.scheme.EvidenceMember;
import io.countersign.verifier.scheme.Field;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** SEV-SNP evidence: a report and, beside it, the certificates that a guest may have got from its host. */
public final class SnpScheme implements AttestationScheme<SnpEvidence> {
    public static final String ID = "sev-snp";

    private static final String REPORT = "report";
    private static final String CERTIFICATES = "certificates";

    /** Above any length in use, so that a report of the wrong length is refused by the parser, which says why. */
    private static final int MAX_REPORT = 64 * 1024;

    private static final int MAX_CERTIFICATES = 64 * 1024;

    private static final List<EvidenceMember> MEMBERS = List.of(
            new EvidenceMember(REPORT, EvidenceMember.Encoding.BINARY, EvidenceMember.Need.REQUIRED, MAX_REPORT),
            new EvidenceMember(
                    CERTIFICATES,
                    EvidenceMember.Encoding.PEM_OR_BINARY,
                    EvidenceMember.Need.OPTIONAL,
                    MAX_CERTIFICATES));

    private final SnpAuthenticator authenticator;

    /** Links AMD's anchors; ones that do not fit together are an {@link IllegalArgumentException}. */
    public SnpScheme(TrustAnchors anchors, Signatures signatures, SignatureFacts facts) {
        this.authenticator = new SnpAuthenticator(new SnpAnchors(anchors, signatures), signatures, facts);
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public DeviceClass deviceClass() {
        return DeviceClass.CPU;
    }

    @Override
    public List<EvidenceMember> members() {
        return MEMBERS;
    }

    @Override
    public SnpEvidence parse(RawEvidence raw) throws EvidenceException {
        AttestationReport report = AttestationReport.parse(raw.required(REPORT));
        var certificates = raw.member(CERTIFICATES);
        return new SnpEvidence(
                report,
                certificates.isEmpty()
                        ? BroughtCertificates.none()
                        : BroughtCertificates.parse(certificates.get(), authenticator::read));
    }

    @Override
    public Set<EndorsementRef> wanted(SnpEvidence evidence, Endorsements inHand, Instant at) {
        return authenticator.wanted(evidence, inHand, at);
    }

    @Override
    public Authentication authenticate(SnpEvidence evidence, AuthenticationContext context) {
        return authenticator.authenticate(evidence, context);
    }

    @Override
    public List<Field> show(SnpEvidence evidence) {
        return SnpFields.of(evidence);
    }

    @Override
    public ClaimCatalogue claims() {
        return SnpClaims.catalogue();
    }

    @Override
    public List<CheckId> checks() {
        return List.of(SnpCheck.values());
    }
}
