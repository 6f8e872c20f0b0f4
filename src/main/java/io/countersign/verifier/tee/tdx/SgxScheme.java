package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.UnsupportedEvidenceException;
import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.check.CheckReport;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.ClaimCatalogue;
import io.countersign.verifier.scheme.AttestationScheme;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.scheme.DeviceClass;
import io.countersign.verifier.scheme.EvidenceMember;
import io.countersign.verifier.scheme.Field;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.tee.tdx.quote.EnclaveReport;
import io.countersign.verifier.tee.tdx.quote.Quote;
import io.countersign.verifier.tee.tdx.quote.TdReport;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** SGX evidence: a quote about an enclave, judged by the same rules and under the same codes as a TD's. */
public final class SgxScheme implements AttestationScheme<QuoteEvidence> {
    public static final String ID = "sgx";

    private static final List<EvidenceMember> MEMBERS = List.of(new EvidenceMember(
            TdxScheme.QUOTE, EvidenceMember.Encoding.BINARY, EvidenceMember.Need.REQUIRED, TdxScheme.MAX_QUOTE));

    private final QuoteAuthenticator authenticator;

    /** Reads Intel's anchors; ones that do not fit together are an {@link IllegalArgumentException}. */
    public SgxScheme(TrustAnchors anchors, Signatures signatures, SignatureFacts facts) {
        this.authenticator = new QuoteAuthenticator(anchors, signatures, facts);
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
    public QuoteEvidence parse(RawEvidence raw) throws EvidenceException {
        Quote quote = Quote.parse(raw.required(TdxScheme.QUOTE));
        if (quote.body() instanceof TdReport) {
            throw new UnsupportedEvidenceException(
                    Quote.STRUCTURE, "this is a quote about a TD: send it as evidence of type tdx");
        }
        return new QuoteEvidence(quote, Optional.empty());
    }

    @Override
    public Set<EndorsementRef> wanted(QuoteEvidence evidence, Endorsements inHand, Instant at) {
        return authenticator.wanted(evidence, inHand, at);
    }

    @Override
    public Authentication authenticate(QuoteEvidence evidence, AuthenticationContext context) {
        if (!(evidence.quote().body() instanceof EnclaveReport enclave)) {
            throw new IllegalStateException("parsing lets no other body through");
        }
        QuoteVerdict verdict = authenticator.judge(evidence, context);
        return Authentication.conclude(
                CheckReport.covering(TdxCheck.OF_SGX, verdict.outcomes()),
                () -> SgxClaims.of(evidence, enclave, verdict),
                verdict.restsUntil());
    }

    @Override
    public List<Field> show(QuoteEvidence evidence) {
        return QuoteFields.of(evidence.quote());
    }

    @Override
    public ClaimCatalogue claims() {
        return SgxClaims.catalogue();
    }

    @Override
    public List<CheckId> checks() {
        return List.copyOf(TdxCheck.OF_SGX);
    }
}
