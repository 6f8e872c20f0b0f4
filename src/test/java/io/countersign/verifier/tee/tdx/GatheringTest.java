package io.countersign.verifier.tee.tdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.insecure.IntelMachine;
import io.countersign.insecure.QuoteForm;
import io.countersign.insecure.QuotePart;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.SignatureFacts;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which endorsements are asked for and when, and what their absence, badness or age means. */
class GatheringTest {
    private static final TdxScheme LAB = Lab.scheme(SignatureFacts.forgetful());
    private static final Set<EndorsementRef> ALL = Set.of(Lab.TCB_INFO, Lab.QE_IDENTITY, Lab.PCK_CRL, Lab.ROOT_CRL);

    private static Set<EndorsementRef> wanted(QuoteEvidence evidence, Endorsements inHand) {
        return LAB.wanted(evidence, inHand, Lab.NOW);
    }

    private static Outcome.Undetermined open(Authentication found, TdxCheck check) {
        return assertInstanceOf(Outcome.Undetermined.class, Tdx.outcome(found, check));
    }

    private static Outcome.Failed failure(Authentication found, TdxCheck check) {
        return assertInstanceOf(Outcome.Failed.class, Tdx.outcome(found, check));
    }

    private static TdxCheck checkOf(EndorsementRef ref) {
        return ref.equals(Lab.TCB_INFO) || ref.equals(Lab.QE_IDENTITY) ? TdxCheck.COLLATERAL : TdxCheck.REVOCATION;
    }

    static Set<EndorsementRef> everyAnswer() {
        return ALL;
    }

    @Test
    void asksForAllFourAtOnceAndThenForNothing() {
        QuoteEvidence evidence = Lab.evidence();
        assertEquals(ALL, wanted(evidence, Endorsements.none()));
        assertEquals(Set.of(), wanted(evidence, Lab.gathered()));
        Authentication found = Lab.judge(Lab.gathered());
        assertEquals(Authenticity.GENUINE, found.authenticity());
        assertEquals("passed", Tdx.outcome(found, TdxCheck.TCB).word());
    }

    @ParameterizedTest
    @MethodSource("everyAnswer")
    void whatWasAnsweredIsNotAskedForAgain(EndorsementRef ref) {
        var missing = Endorsements.none()
                .with(Map.of(ref, new Availability.Missing("Intel answered 404", Outcome.Cause.NOT_IN_HAND)));
        Set<EndorsementRef> rest = wanted(Lab.evidence(), missing);
        assertEquals(3, rest.size());
        assertTrue(!rest.contains(ref));
    }

    @Test
    void anEnclavesQuoteAsksForItsOwnKind() throws EvidenceException {
        var scheme = new SgxScheme(Lab.ANCHORS, Tdx.FAST, SignatureFacts.forgetful());
        for (PckCa ca : PckCa.values()) {
            Bytes quote = Lab.INTEL.quote(QuoteForm.SGX_V3, ca, each -> each);
            assertEquals(
                    Set.of(
                            new IntelEndorsementRef.TcbInfo(TeeType.SGX, IntelMachine.FMSPC),
                            new IntelEndorsementRef.QeIdentity(TeeType.SGX),
                            new IntelEndorsementRef.PckCrl(ca),
                            new IntelEndorsementRef.RootCaCrl()),
                    scheme.wanted(scheme.parse(new RawEvidence(Map.of("quote", quote))), Endorsements.none(), Lab.NOW));
        }
    }

    private static Map<String, QuoteEvidence> broken() {
        Bytes one = Bytes.fromHex("a7");
        var broken = new LinkedHashMap<String, QuoteEvidence>();
        broken.put("tdx.quote-signature", Lab.evidence(quote -> quote.patchAfterSigning(QuotePart.SIGNATURE, 5, one)));
        broken.put("tdx.qe-report", Lab.evidence(quote -> quote.patchAfterSigning(QuotePart.QE_SIGNATURE, 5, one)));
        broken.put("tdx.format", Lab.evidence(quote -> quote.section(section -> section.trailing(one))));
        broken.put("tdx.pck-chain", Lab.evidence(quote -> quote.chain(Lab.FOREIGN.pckChain(Lab.CA))));
        return broken;
    }

    /** Anybody can make such bytes, and nobody may make the service fetch with them. */
    @Test
    void nothingIsAskedForNorLookedAtBeforeTheQuoteItselfHolds() {
        var poisoned = new HashMap<EndorsementRef, Availability>();
        ALL.forEach(ref -> poisoned.put(ref, new Availability.InHand(Bytes.utf8("<html>"))));
        for (var each : broken().entrySet()) {
            assertEquals(Set.of(), wanted(each.getValue(), Endorsements.none()), each.getKey());
            for (Endorsements inHand : List.of(Lab.gathered(), Lab.gathered(poisoned))) {
                Authentication found = LAB.authenticate(each.getValue(), Lab.at(Lab.NOW, inHand, Lab.STRICT));
                assertTrue(Tdx.ended(found, "failed").contains(each.getKey()));
                assertEquals(
                        "not-reached", Tdx.outcome(found, TdxCheck.COLLATERAL).word());
                assertEquals(
                        "not-reached", Tdx.outcome(found, TdxCheck.REVOCATION).word());
                assertEquals("not-reached", Tdx.outcome(found, TdxCheck.TCB).word());
            }
        }
    }

    @Test
    void nothingIsAskedForWhileTheChainIsOutsideItsWindow() {
        var later = Lab.NOW.plus(Duration.ofDays(8 * 365));
        assertEquals(Set.of(), LAB.wanted(Lab.evidence(), Endorsements.none(), later));
        Authentication found = Lab.judge(Lab.gathered(), later, Lab.STRICT);
        assertEquals(Set.of("tdx.pck-chain"), Tdx.ended(found, "failed"));
        assertEquals(Set.of("tdx.collateral", "tdx.revocation", "tdx.tcb"), Tdx.ended(found, "not-reached"));
    }

    @Test
    void whatTheRequestBringsIsNotAskedFor() {
        QuoteEvidence evidence = Lab.evidence();
        for (var each : Map.of(
                        "intel.qe_identity", Lab.QE_IDENTITY,
                        "intel.pck_crl", Lab.PCK_CRL,
                        "intel.root_ca_crl", Lab.ROOT_CRL)
                .entrySet()) {
            var brought = Endorsements.brought(Map.of(each.getKey(), List.of(Bytes.utf8("whatever"))));
            Set<EndorsementRef> rest = wanted(evidence, brought);
            assertEquals(3, rest.size(), each.getKey());
            assertTrue(!rest.contains(each.getValue()), each.getKey());
        }
    }

    @Test
    void theNewestFetchedNumberIsAskedForOnlyBesideBroughtTcbInfo() {
        QuoteEvidence evidence = Lab.evidence();
        var info = Endorsements.brought(Map.of("intel.tcb_info", List.of(Bytes.utf8("whatever"))));
        assertEquals(Set.of(Lab.SEEN, Lab.QE_IDENTITY, Lab.PCK_CRL, Lab.ROOT_CRL), wanted(evidence, info));
        assertEquals(Set.of(Lab.SEEN), wanted(evidence, Endorsements.brought(Lab.slots())));
        var answered = Endorsements.brought(Lab.slots())
                .with(Map.of(Lab.SEEN, new Availability.Missing("none yet", Outcome.Cause.NOT_IN_HAND)));
        assertEquals(Set.of(), wanted(evidence, answered));
    }

    @ParameterizedTest
    @MethodSource("everyAnswer")
    void aMissingAnswerLeavesItsCheckOpen(EndorsementRef ref) {
        for (Outcome.Cause cause : List.of(Outcome.Cause.NOT_FETCHED, Outcome.Cause.NOT_IN_HAND)) {
            Authentication found =
                    Lab.judge(Lab.gathered(Map.of(ref, new Availability.Missing("the network is down", cause))));
            assertEquals(Authenticity.UNDETERMINED, found.authenticity());
            var open = open(found, checkOf(ref));
            assertEquals(cause, open.cause());
            assertTrue(open.missing().contains(ref.description()), open.missing());
            assertTrue(open.missing().contains("the network is down"), open.missing());
            assertEquals(Set.of(checkOf(ref).code(), "tdx.event-log"), Tdx.ended(found, "undetermined"));
        }
    }

    @Test
    void nothingGatheredLeavesBothChecksOpenAndTheTcbNotReached() {
        Authentication found = Lab.judge(Endorsements.none());
        assertEquals(Set.of("tdx.collateral", "tdx.revocation", "tdx.event-log"), Tdx.ended(found, "undetermined"));
        assertEquals(Set.of("tdx.tcb"), Tdx.ended(found, "not-reached"));
        var claims = found.claims().orElseThrow();
        assertTrue(claims.find("tdx.fmspc").isPresent());
        assertTrue(claims.find("tdx.tcb_status").isEmpty());
        assertTrue(claims.find("tdx.collateral_expires_at").isEmpty());
    }

    /** Asking again helps only when it helps with everything that is missing. */
    @Test
    void oneEndorsementThatWillNeverComeOutweighsOneThatMay() {
        Authentication found = Lab.judge(Lab.gathered(Map.of(
                Lab.TCB_INFO, new Availability.Missing("503", Outcome.Cause.NOT_FETCHED),
                Lab.QE_IDENTITY, new Availability.Missing("404", Outcome.Cause.NOT_IN_HAND))));
        var open = open(found, TdxCheck.COLLATERAL);
        assertEquals(Outcome.Cause.NOT_IN_HAND, open.cause());
        assertTrue(open.missing().contains("503") && open.missing().contains("404"), open.missing());
    }

    /** What Intel's service would never send, by the reference it was fetched for. */
    static List<Map.Entry<EndorsementRef, Bytes>> bad() {
        var bad = new java.util.ArrayList<Map.Entry<EndorsementRef, Bytes>>();
        for (EndorsementRef ref : ALL) {
            bad.add(Map.entry(ref, Bytes.utf8("<html>")));
            bad.add(Map.entry(ref, Bytes.empty()));
        }
        bad.add(Map.entry(
                Lab.TCB_INFO,
                Bytes.utf8(Lab.FOREIGN.signerChain()
                        + Lab.FOREIGN.tcbInfo(TeeType.TDX).json())));
        bad.add(Map.entry(
                Lab.TCB_INFO, Lab.statement(Lab.FOREIGN.tcbInfo(TeeType.TDX).json())));
        bad.add(Map.entry(
                Lab.TCB_INFO, Lab.statement(Lab.INTEL.tcbInfo(TeeType.SGX).json())));
        bad.add(Map.entry(
                Lab.TCB_INFO,
                Lab.statement(Lab.INTEL
                        .tcbInfo(TeeType.TDX)
                        .with(info -> info.put("fmspc", "c0de00000001"))
                        .json())));
        bad.add(Map.entry(
                Lab.TCB_INFO,
                Lab.statement(Lab.INTEL
                        .tcbInfo(TeeType.TDX)
                        .with(info -> info.put("pceId", "0001"))
                        .json())));
        bad.add(Map.entry(Lab.TCB_INFO, Lab.qeIdentity()));
        bad.add(Map.entry(Lab.QE_IDENTITY, Lab.tcbInfo()));
        bad.add(Map.entry(
                Lab.QE_IDENTITY, Lab.statement(Lab.INTEL.qeIdentity(TeeType.SGX).json())));
        bad.add(Map.entry(
                Lab.QE_IDENTITY,
                Lab.statement(Lab.INTEL
                        .qeIdentity(TeeType.TDX)
                        .with(identity -> identity.put("isvprodid", 3))
                        .json())));
        // No signer is built into the laboratory.
        bad.add(Map.entry(
                Lab.TCB_INFO, Bytes.utf8(Lab.INTEL.tcbInfo(TeeType.TDX).json())));
        bad.add(Map.entry(Lab.PCK_CRL, Lab.FOREIGN.pckCrlDraft(Lab.CA).der()));
        bad.add(Map.entry(Lab.PCK_CRL, Lab.INTEL.pckCrlDraft(PckCa.PROCESSOR).der()));
        bad.add(Map.entry(Lab.PCK_CRL, Lab.INTEL.rootCrlDraft().der()));
        bad.add(Map.entry(Lab.ROOT_CRL, Lab.INTEL.pckCrlDraft(Lab.CA).der()));
        bad.add(Map.entry(Lab.ROOT_CRL, Lab.INTEL.rootCrlDraft().withoutNumber().der()));
        bad.add(Map.entry(
                Lab.ROOT_CRL,
                Lab.INTEL.rootCrlDraft().withoutAuthorityKeyIdentifier().der()));
        bad.add(Map.entry(
                Lab.PCK_CRL, Lab.INTEL.pckCrlDraft(Lab.CA).withoutNextUpdate().der()));
        bad.add(Map.entry(
                Lab.PCK_CRL,
                Lab.INTEL.pckCrlDraft(Lab.CA).withUnknownCriticalExtension().der()));
        return bad;
    }

    @ParameterizedTest
    @MethodSource("bad")
    void aFetchedAnswerThatIsNoGoodFailsAndItsSourceIsNamed(Map.Entry<EndorsementRef, Bytes> each) {
        Authentication found = Lab.judge(Lab.gathered(each.getKey(), each.getValue()));
        var failure = failure(found, checkOf(each.getKey()));
        assertEquals(Set.of(checkOf(each.getKey()).code()), Tdx.ended(found, "failed"));
        assertTrue(failure.hint().contains("not the evidence"), failure::hint);
    }

    /** The same bytes in the request are the sender's fault. */
    @Test
    void aBroughtAnswerThatIsNoGoodFailsAndTheRequestIsNamed() {
        var slots = Lab.slots();
        slots.put("intel.root_ca_crl", List.of(Lab.FOREIGN.rootCrlDraft().der()));
        slots.put("intel.tcb_info", List.of(Bytes.utf8("{}")));
        Authentication found = Lab.judge(Endorsements.brought(slots));
        for (TdxCheck check : List.of(TdxCheck.COLLATERAL, TdxCheck.REVOCATION)) {
            assertTrue(failure(found, check).hint().contains("\"endorsements\""));
        }
    }

    @Test
    void whatIsBroughtIsNeverReplacedByWhatWasFetched() {
        var fetched = new HashMap<EndorsementRef, Availability>();
        Lab.answers().forEach((ref, content) -> fetched.put(ref, new Availability.InHand(content)));
        for (String slot : List.of("intel.tcb_info", "intel.qe_identity", "intel.pck_crl", "intel.root_ca_crl")) {
            var brought = Endorsements.brought(Map.of(slot, List.of(Bytes.utf8("junk"))));
            assertEquals(Authenticity.REJECTED, Lab.judge(brought.with(fetched)).authenticity(), slot);
        }
    }

    /** Each ends before everything else does. */
    private static Endorsements endingIn(EndorsementRef ref, Duration left, Optional<Availability.Missing> renewal) {
        var end = Lab.NOW.plus(left);
        String text = end.toString();
        Bytes content = ref.equals(Lab.TCB_INFO)
                ? Lab.statement(Lab.INTEL
                        .tcbInfo(TeeType.TDX)
                        .with(info -> info.put("nextUpdate", text))
                        .json())
                : ref.equals(Lab.QE_IDENTITY)
                        ? Lab.statement(Lab.INTEL
                                .qeIdentity(TeeType.TDX)
                                .with(identity -> identity.put("nextUpdate", text))
                                .json())
                        : ref.equals(Lab.PCK_CRL)
                                ? Lab.INTEL.pckCrlDraft(Lab.CA).nextUpdate(end).der()
                                : Lab.INTEL.rootCrlDraft().nextUpdate(end).der();
        return Lab.gathered(Map.of(ref, new Availability.InHand(content, renewal)));
    }

    @ParameterizedTest
    @MethodSource("everyAnswer")
    void aFetchedAnswerThatIsOverCountsAsNotInHand(EndorsementRef ref) {
        for (Duration ago : List.of(Duration.ZERO, Duration.ofHours(-3))) {
            Authentication found = Lab.judge(endingIn(ref, ago, Optional.empty()));
            assertEquals(Outcome.Cause.NOT_IN_HAND, open(found, checkOf(ref)).cause());
            assertEquals(Set.of(), Tdx.ended(found, "failed"));
            assertEquals(Authenticity.UNDETERMINED, found.authenticity());
        }
        assertEquals(
                Authenticity.GENUINE,
                Lab.judge(endingIn(ref, Duration.ofSeconds(1), Optional.empty()))
                        .authenticity());
    }

    /** Intel may have changed its quoting enclave since: what has ended says nothing about the one at hand. */
    @Test
    void aFetchedIdentityThatIsOverIsNotHeldAgainstAnotherEnclave() {
        String over = Lab.NOW.minusSeconds(1).toString();
        Bytes content = Lab.statement(Lab.INTEL
                .qeIdentity(TeeType.TDX)
                .with(identity -> identity.put("mrsigner", "ab".repeat(32)).put("nextUpdate", over))
                .json());
        Authentication found = Lab.judge(Lab.gathered(Lab.QE_IDENTITY, content));
        assertEquals(
                Outcome.Cause.NOT_IN_HAND, open(found, checkOf(Lab.QE_IDENTITY)).cause());
        assertEquals(Authenticity.UNDETERMINED, found.authenticity());
    }

    @ParameterizedTest
    @MethodSource("everyAnswer")
    void whyThereIsNoNewerOneDecidesWhetherAskingAgainCanHelp(EndorsementRef ref) {
        for (Outcome.Cause cause : List.of(Outcome.Cause.NOT_FETCHED, Outcome.Cause.NOT_IN_HAND)) {
            var away = new Availability.Missing("Intel did not answer in time", cause);
            var open = open(Lab.judge(endingIn(ref, Duration.ofHours(-1), Optional.of(away))), checkOf(ref));
            assertEquals(cause, open.cause());
            assertTrue(open.missing().endsWith("Intel did not answer in time"), open::missing);
        }
        // As long as it lasts, nobody needs a newer one.
        var away = new Availability.Missing("Intel did not answer in time", Outcome.Cause.NOT_FETCHED);
        assertEquals(
                Authenticity.GENUINE,
                Lab.judge(endingIn(ref, Duration.ofHours(1), Optional.of(away))).authenticity());
    }

    @ParameterizedTest
    @MethodSource("everyAnswer")
    void theVerdictRestsOnTheEarliestEnd(EndorsementRef ref) {
        var found = assertInstanceOf(
                Authentication.Genuine.class, Lab.judge(endingIn(ref, Duration.ofHours(5), Optional.empty())));
        assertEquals(Lab.NOW.plus(Duration.ofHours(5)), found.restsUntil());
        assertEquals(
                Lab.NOW.plus(Duration.ofHours(5)).toString(),
                found.claims().orElseThrow().find("tdx.collateral_expires_at").orElseThrow());
    }

    @Test
    void theVerdictRestsOnEveryCertificateToo() {
        var end = Lab.NOW.plus(Duration.ofHours(5));
        String chain = Lab.INTEL.pckCrlChain(Lab.CA);
        var leaf = Lab.evidence(quote -> quote.chain(io.countersign.insecure.Pem.certificate(
                        Lab.INTEL.pckDraft(Lab.CA).validUntil(end).der())
                + chain));
        var authority = Lab.evidence(quote -> quote.chain(io.countersign.insecure.Pem.certificate(
                        Lab.INTEL.pckDraft(Lab.CA).der())
                + io.countersign.insecure.Pem.certificate(
                        Lab.INTEL.pckCaDraft(Lab.CA).validUntil(end).der())
                + io.countersign.insecure.Pem.certificate(Lab.INTEL.root())));
        for (QuoteEvidence evidence : List.of(leaf, authority)) {
            var found = assertInstanceOf(
                    Authentication.Genuine.class,
                    LAB.authenticate(evidence, Lab.at(Lab.NOW, Lab.gathered(), Lab.STRICT)));
            assertEquals(end, found.restsUntil());
            // Not collateral: fetching it anew changes nothing.
            assertTrue(!found.claims()
                    .orElseThrow()
                    .find("tdx.collateral_expires_at")
                    .orElseThrow()
                    .equals(end.toString()));
        }
        Bytes signed = Lab.statement(
                Lab.INTEL.tcbSignerDraft().validUntil(end),
                Lab.INTEL.qeIdentity(TeeType.TDX).json());
        var signer = assertInstanceOf(Authentication.Genuine.class, Lab.judge(Lab.gathered(Lab.QE_IDENTITY, signed)));
        assertEquals(end, signer.restsUntil());
    }

    @ParameterizedTest
    @CsvSource({"60, true", "61, false"})
    void clocksMayDifferByAMinuteAtTheBeginning(int seconds, boolean good) {
        var begin = Lab.NOW.plusSeconds(seconds);
        for (var each : Map.of(
                        Lab.TCB_INFO,
                        Lab.statement(Lab.INTEL
                                .tcbInfo(TeeType.TDX)
                                .with(info -> info.put("issueDate", begin.toString()))
                                .json()),
                        Lab.PCK_CRL,
                        Lab.INTEL.pckCrlDraft(Lab.CA).thisUpdate(begin).der())
                .entrySet()) {
            Authentication found = Lab.judge(Lab.gathered(each.getKey(), each.getValue()));
            assertEquals(
                    good ? "passed" : "undetermined",
                    Tdx.outcome(found, checkOf(each.getKey())).word());
        }
    }

    @ParameterizedTest
    @EnumSource(PckCa.class)
    void revokedCertificatesAreNamedWhateverElseIsWrongWithTheList(PckCa ca) {
        var root = Lab.INTEL.rootCrlDraft().withoutNumber().nextUpdate(Lab.NOW.minusSeconds(9));
        for (var each : Map.of(
                        "Intel SGX TCB Signing",
                                root.revoking(Lab.INTEL.tcbSignerSerial()).der(),
                        "Intel SGX PCK Platform CA",
                                Lab.INTEL
                                        .rootCrlDraft()
                                        .revoking(Lab.INTEL.caSerial(Lab.CA))
                                        .der())
                .entrySet()) {
            var failure = failure(Lab.judge(Lab.gathered(Lab.ROOT_CRL, each.getValue())), TdxCheck.REVOCATION);
            assertTrue(failure.expected().startsWith(each.getKey()), failure::expected);
        }
        // The other authority's serial concerns nobody here.
        Authentication found = Lab.judge(Lab.gathered(
                Lab.ROOT_CRL,
                Lab.INTEL.rootCrlDraft().revoking(Lab.INTEL.caSerial(ca)).der()));
        assertEquals(
                ca == Lab.CA ? "failed" : "passed",
                Tdx.outcome(found, TdxCheck.REVOCATION).word());
    }

    @ParameterizedTest
    @ValueSource(strings = {"intel.pck_crl", "intel.root_ca_crl"})
    void aBroughtListThatIsOverFailsWhateverThePolicyTolerates(String slot) {
        var slots = Lab.slots();
        var end = Lab.NOW.minusSeconds(1);
        slots.put(
                slot,
                List.of(
                        slot.equals("intel.pck_crl")
                                ? Lab.INTEL.pckCrlDraft(Lab.CA).nextUpdate(end).der()
                                : Lab.INTEL.rootCrlDraft().nextUpdate(end).der()));
        var tolerant = new io.countersign.verifier.trust.Tolerances(
                "tolerant", Duration.ofDays(1), Map.of("tdx.revocation", "It may be absent."), Map.of());
        Authentication found = Lab.judge(Endorsements.brought(slots), Lab.NOW, tolerant);
        assertTrue(failure(found, TdxCheck.REVOCATION).actual().contains("valid from"));
    }
}
