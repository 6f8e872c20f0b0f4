package io.countersign.verifier.tee.tdx;

import io.countersign.insecure.IntelMachine;
import io.countersign.insecure.QuoteForm;
import io.countersign.insecure.SoftwareCertificate;
import io.countersign.insecure.SoftwareIntel;
import io.countersign.insecure.SoftwareQuote;
import io.countersign.testkit.SoftwareIntels;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Tolerances;
import io.countersign.verifier.trust.TrustAnchors;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The machine of a software Intel, and everything that Intel's service would answer about it. */
final class Lab {
    static final SoftwareIntel INTEL = SoftwareIntels.trusted();
    static final SoftwareIntel FOREIGN = SoftwareIntels.foreign();
    static final TrustAnchors ANCHORS = SoftwareIntels.anchors();
    static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    static final PckCa CA = PckCa.PLATFORM;
    static final Bytes REPORT_DATA = Bytes.utf8("an answer").zeroPaddedTo(64);

    static final IntelEndorsementRef TCB_INFO = new IntelEndorsementRef.TcbInfo(TeeType.TDX, IntelMachine.FMSPC);
    static final IntelEndorsementRef QE_IDENTITY = new IntelEndorsementRef.QeIdentity(TeeType.TDX);
    static final IntelEndorsementRef PCK_CRL = new IntelEndorsementRef.PckCrl(CA);
    static final IntelEndorsementRef ROOT_CRL = new IntelEndorsementRef.RootCaCrl();
    static final IntelEndorsementRef SEEN =
            new IntelEndorsementRef.SeenEvaluationNumber(TeeType.TDX, IntelMachine.FMSPC);

    static final Tolerances STRICT = Tolerances.strict("strict");

    private Lab() {}

    static TdxScheme scheme(SignatureFacts facts) {
        return new TdxScheme(ANCHORS, Tdx.FAST, facts);
    }

    static QuoteEvidence evidence() {
        return evidence(quote -> quote);
    }

    static QuoteEvidence evidence(UnaryOperator<SoftwareQuote> changes) {
        return parsed(INTEL.quote(QuoteForm.TDX_V4, CA, quote -> changes.apply(quote.reportData(REPORT_DATA))));
    }

    static QuoteEvidence parsed(Bytes quote) {
        try {
            return scheme(SignatureFacts.forgetful()).parse(new RawEvidence(Map.of("quote", quote)));
        } catch (EvidenceException e) {
            throw new AssertionError(e);
        }
    }

    /** As the service keeps an answer: chain, then body. */
    static Bytes statement(String json) {
        return Bytes.utf8(INTEL.signerChain() + json);
    }

    static Bytes statement(SoftwareCertificate signer, String json) {
        return Bytes.utf8(io.countersign.insecure.Pem.certificate(signer.der())
                + io.countersign.insecure.Pem.certificate(INTEL.root())
                + json);
    }

    static Bytes tcbInfo() {
        return statement(INTEL.tcbInfo(TeeType.TDX).json());
    }

    static Bytes qeIdentity() {
        return statement(INTEL.qeIdentity(TeeType.TDX).json());
    }

    /** Everything that a good quote asks for. */
    static Map<EndorsementRef, Bytes> answers() {
        return Map.of(
                TCB_INFO,
                tcbInfo(),
                QE_IDENTITY,
                qeIdentity(),
                PCK_CRL,
                INTEL.pckCrlDraft(CA).der(),
                ROOT_CRL,
                INTEL.rootCrlDraft().der());
    }

    /** All of it gathered. */
    static Endorsements gathered() {
        return gathered(Map.of());
    }

    /** All of it gathered, some of it otherwise. */
    static Endorsements gathered(Map<EndorsementRef, Availability> otherwise) {
        var all = new HashMap<EndorsementRef, Availability>();
        answers().forEach((ref, content) -> all.put(ref, new Availability.InHand(content)));
        all.putAll(otherwise);
        return Endorsements.none().with(all);
    }

    static Endorsements gathered(EndorsementRef ref, Bytes content) {
        return gathered(Map.of(ref, new Availability.InHand(content)));
    }

    /** All of it brought in the request's slots. */
    static Map<String, List<Bytes>> slots() {
        var slots = new HashMap<String, List<Bytes>>();
        slots.put(
                "intel.tcb_info", List.of(Bytes.utf8(INTEL.tcbInfo(TeeType.TDX).json())));
        slots.put("intel.tcb_info_issuer_chain", List.of(Bytes.utf8(INTEL.signerChain())));
        slots.put(
                "intel.qe_identity",
                List.of(Bytes.utf8(INTEL.qeIdentity(TeeType.TDX).json())));
        slots.put("intel.qe_identity_issuer_chain", List.of(Bytes.utf8(INTEL.signerChain())));
        slots.put("intel.pck_crl", List.of(INTEL.pckCrlDraft(CA).der()));
        slots.put("intel.root_ca_crl", List.of(INTEL.rootCrlDraft().der()));
        return slots;
    }

    static AuthenticationContext at(Instant at, Endorsements endorsements, Tolerances tolerances) {
        return new AuthenticationContext(at, endorsements, tolerances, BindingMethod.NONCE, Optional.of(REPORT_DATA));
    }

    static Authentication judge(Endorsements endorsements) {
        return judge(endorsements, NOW, STRICT);
    }

    static Authentication judge(Endorsements endorsements, Instant at, Tolerances tolerances) {
        return scheme(SignatureFacts.forgetful()).authenticate(evidence(), at(at, endorsements, tolerances));
    }

    static Certificate certificate(SoftwareCertificate draft) {
        try {
            return Certificate.parse(draft.der());
        } catch (MalformedDerException e) {
            throw new AssertionError(e);
        }
    }
}
