package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.bytes.Bytes;
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
import io.countersign.verifier.tee.tdx.eventlog.EventLog;
import io.countersign.verifier.tee.tdx.eventlog.EventLogJudge;
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
import java.util.stream.Stream;

/** TDX evidence: a quote about a TD and, beside it, the log of what its firmware and boot loader measured. */
public final class TdxScheme implements AttestationScheme<QuoteEvidence> {
    public static final String ID = "tdx";

    static final String QUOTE = "quote";
    static final int MAX_QUOTE = 64 * 1024;

    private static final String EVENT_LOG = "event_log";

    /** The largest area that firmware reserves for a log: ACPI table CCEL, "Log Area Minimum Length". */
    private static final int MAX_EVENT_LOG = 1024 * 1024;

    private static final List<EvidenceMember> MEMBERS = List.of(
            new EvidenceMember(QUOTE, EvidenceMember.Encoding.BINARY, EvidenceMember.Need.REQUIRED, MAX_QUOTE),
            new EvidenceMember(EVENT_LOG, EvidenceMember.Encoding.BINARY, EvidenceMember.Need.OPTIONAL, MAX_EVENT_LOG));

    private final QuoteAuthenticator authenticator;

    /** Reads Intel's anchors; ones that do not fit together are an {@link IllegalArgumentException}. */
    public TdxScheme(TrustAnchors anchors, Signatures signatures, SignatureFacts facts) {
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
        Quote quote = Quote.parse(raw.required(QUOTE));
        if (quote.body() instanceof EnclaveReport) {
            throw new UnsupportedEvidenceException(
                    Quote.STRUCTURE, "this is a quote about an SGX enclave: send it as evidence of type sgx");
        }
        Optional<Bytes> log = raw.member(EVENT_LOG);
        return new QuoteEvidence(quote, log.isEmpty() ? Optional.empty() : Optional.of(EventLog.parse(log.get())));
    }

    @Override
    public Set<EndorsementRef> wanted(QuoteEvidence evidence, Endorsements inHand, Instant at) {
        return authenticator.wanted(evidence, inHand, at);
    }

    @Override
    public Authentication authenticate(QuoteEvidence evidence, AuthenticationContext context) {
        if (!(evidence.quote().body() instanceof TdReport td)) {
            throw new IllegalStateException("parsing lets no other body through");
        }
        QuoteVerdict verdict = authenticator.judge(evidence, context);
        verdict.outcomes().put(TdxCheck.EVENT_LOG, EventLogJudge.judge(evidence.eventLog(), td.rtmrs()));
        return Authentication.conclude(
                CheckReport.covering(TdxCheck.class, verdict.outcomes()),
                () -> TdxClaims.of(evidence, td, verdict),
                verdict.restsUntil());
    }

    @Override
    public List<Field> show(QuoteEvidence evidence) {
        return Stream.concat(
                        QuoteFields.of(evidence.quote()).stream(),
                        evidence.eventLog().stream().flatMap(log -> log.fields().stream()))
                .toList();
    }

    @Override
    public ClaimCatalogue claims() {
        return TdxClaims.catalogue();
    }

    @Override
    public List<CheckId> checks() {
        return List.of(TdxCheck.values());
    }
}
