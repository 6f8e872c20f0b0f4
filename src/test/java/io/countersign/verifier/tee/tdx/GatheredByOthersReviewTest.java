package io.countersign.verifier.tee.tdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.countersign.insecure.Pem;
import io.countersign.insecure.QuoteForm;
import io.countersign.insecure.SoftwareCertificate;
import io.countersign.insecure.SoftwareIntel;
import io.countersign.testkit.SoftwareAmds;
import io.countersign.testkit.SoftwareIntels;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Tolerances;
import io.countersign.verifier.trust.TrustAnchors;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What others handed in must neither mix two roots, nor outlive its window, nor stop the service. */
class GatheredByOthersReviewTest {
    static final Instant AT = SoftwareAmds.AS_OF;
    private static final SoftwareIntel OURS = SoftwareIntels.trusted();
    private static final SoftwareIntel OTHER = SoftwareIntels.foreign();

    /** As when a laboratory's anchors stand beside the vendor's. */
    private static TrustAnchors bothRoots() {
        return SoftwareIntels.anchors().and(TrustAnchors.parse(OTHER.anchorsPem(), TrustAnchors.Origin.LABORATORY));
    }

    private static Map<String, List<Bytes>> broughtBy(SoftwareIntel intel) {
        var slots = new HashMap<String, List<Bytes>>();
        slots.put("intel.tcb_info", text(intel.tcbInfo(TeeType.TDX).json()));
        slots.put("intel.tcb_info_issuer_chain", text(intel.signerChain()));
        slots.put("intel.qe_identity", text(intel.qeIdentity(TeeType.TDX).json()));
        slots.put("intel.qe_identity_issuer_chain", text(intel.signerChain()));
        slots.put("intel.pck_crl", List.of(intel.pckCrlDraft(PckCa.PLATFORM).der()));
        slots.put("intel.root_ca_crl", List.of(intel.rootCrlDraft().der()));
        return slots;
    }

    private static List<Bytes> text(String text) {
        return List.of(Bytes.utf8(text));
    }

    private static Authentication authenticate(TrustAnchors anchors, Endorsements endorsements)
            throws EvidenceException {
        return authenticate(anchors, endorsements, OURS.pckChain(PckCa.PLATFORM));
    }

    private static Authentication authenticate(TrustAnchors anchors, Endorsements endorsements, String pckChain)
            throws EvidenceException {
        var scheme = new TdxScheme(anchors, Quotes.signatures(), SignatureFacts.forgetful());
        Bytes quote = OURS.quote(QuoteForm.TDX_V4, PckCa.PLATFORM, each -> each.chain(pckChain));
        var evidence = scheme.parse(new RawEvidence(Map.of("quote", quote)));
        Optional<Bytes> bound = Optional.of(evidence.quote().body().reportData());
        return scheme.authenticate(
                evidence,
                new AuthenticationContext(
                        AT, endorsements, Tolerances.strict("strict"), BindingMethod.COUNTERSIGN_V1, bound));
    }

    private static Outcome outcome(Authentication found, TdxCheck check) {
        return found.report().outcomeOf(check);
    }

    static Stream<Arguments> statements() {
        return Stream.of(
                arguments("intel.tcb_info", OTHER.tcbInfo(TeeType.TDX).json()),
                arguments("intel.qe_identity", OTHER.qeIdentity(TeeType.TDX).json()));
    }

    /** Nobody can say whether its signer was revoked: the one list in hand is that of the platform's own root. */
    @ParameterizedTest
    @MethodSource("statements")
    void refusesAStatementUnderAnotherRootThanThePlatforms(String slot, String statement) throws EvidenceException {
        var slots = broughtBy(OURS);
        slots.put(slot, text(statement));
        slots.put(slot + "_issuer_chain", text(OTHER.signerChain()));
        Authentication found = authenticate(bothRoots(), Endorsements.brought(slots));
        assertInstanceOf(Outcome.Failed.class, outcome(found, TdxCheck.COLLATERAL));
        assertInstanceOf(Authentication.Rejected.class, found);
    }

    @Test
    void acceptsStatementsUnderThePlatformsOwnRootWhateverOtherRootsThereAre() throws EvidenceException {
        assertInstanceOf(
                Authentication.Genuine.class, authenticate(bothRoots(), Endorsements.brought(broughtBy(OURS))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999999999999999999", "not a number", ""})
    void takesARememberedNumberThatCannotBeReadForTheHighest(String remembered) throws EvidenceException {
        var seen = new IntelEndorsementRef.SeenEvaluationNumber(TeeType.TDX, Bytes.fromHex(fmspc()));
        var endorsements = Endorsements.brought(broughtBy(OURS))
                .with(Map.of(seen, new Availability.InHand(Bytes.utf8(remembered))));
        Authentication found = authenticate(SoftwareIntels.anchors(), endorsements);
        assertEquals(Optional.of(true), found.claims().orElseThrow().find("tdx.tcb_evaluation_outdated"));
    }

    private static String fmspc() throws EvidenceException {
        Authentication found = authenticate(SoftwareIntels.anchors(), Endorsements.brought(broughtBy(OURS)));
        return found.claims().orElseThrow().find("tdx.fmspc").orElseThrow().toString();
    }

    @Test
    void restsNoLongerThanTheAuthorityThatTheRequestBroughtForItsList() throws EvidenceException {
        Instant end = AT.plus(Duration.ofHours(1));
        var slots = broughtBy(OURS);
        slots.put(
                "intel.pck_crl_issuer_chain",
                text(Pem.certificate(
                                OURS.pckCaDraft(PckCa.PLATFORM).validUntil(end).der())
                        + Pem.certificate(OURS.root())));
        var genuine = assertInstanceOf(
                Authentication.Genuine.class, authenticate(SoftwareIntels.anchors(), Endorsements.brought(slots)));
        assertEquals(end, genuine.restsUntil());
    }

    /** The platform's chain before another root. */
    private static String chainTo(SoftwareCertificate root) {
        return OURS.pckChain(PckCa.PLATFORM).replace(Pem.certificate(OURS.root()), Pem.certificate(root.der()));
    }

    @Test
    void refusesARootThatBearsThePinnedKeyAndIsNotSignedByIt() throws EvidenceException {
        Authentication found = authenticate(
                SoftwareIntels.anchors(),
                Endorsements.brought(broughtBy(OURS)),
                chainTo(OURS.rootDraft().signedBy(OTHER.keys().root())));
        assertInstanceOf(Outcome.Failed.class, outcome(found, TdxCheck.PCK_CHAIN));
    }

    @Test
    void acceptsARootThatWasIssuedAgainForThePinnedKey() throws EvidenceException {
        Authentication found = authenticate(
                SoftwareIntels.anchors(),
                Endorsements.brought(broughtBy(OURS)),
                chainTo(OURS.rootDraft().validUntil(AT.plus(Duration.ofDays(9000)))));
        assertInstanceOf(Authentication.Genuine.class, found);
    }
}
