package io.countersign.verifier.tee.snp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Tolerances;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which revocation lists count, which fail, and what a list says. */
class RevocationTest {
    private static final PretendAmd AMD = new PretendAmd(Product.MILAN);
    private static final PretendAmd OTHER = new PretendAmd(Product.MILAN);
    private static final Instant AT = Snp.NOW;
    private static final Instant BEFORE = AT.minus(Duration.ofDays(1));
    private static final Instant AFTER = AT.plus(Duration.ofDays(30));
    private static final Bytes TCB = Bytes.fromHex("04000000000018db");
    private static final Bytes CHIP = Bytes.utf8("chip").zeroPaddedTo(64);
    private static final AmdEndorsementRef.Crl REF = new AmdEndorsementRef.Crl(Product.MILAN, VekKind.VCEK);
    private static final Map<String, Bytes> GOOD =
            AMD.extensions(VekKind.VCEK, SnpTcb.decode(TCB, Product.MILAN), CHIP);
    private static final Bytes REPORT = AMD.report().tcb(TCB).put(0x1A0, CHIP).signed();
    private static final Bytes VCEK = AMD.vek(VekKind.VCEK, GOOD);

    private static final SnpScheme SCHEME = new SnpScheme(AMD.anchors(), Snp.FAST, Snp.mindful());

    private static Authentication judge(Endorsements endorsements) throws EvidenceException {
        return judge(endorsements, AT, Tolerances.strict("test"));
    }

    private static Authentication judge(Endorsements endorsements, Instant at, Tolerances tolerances)
            throws EvidenceException {
        return SCHEME.authenticate(
                SCHEME.parse(new RawEvidence(Map.of("report", REPORT, "certificates", VCEK))),
                new AuthenticationContext(
                        at, endorsements, tolerances, BindingMethod.NONCE, Optional.of(Bytes.zeros(64))));
    }

    private static Outcome outcome(Endorsements endorsements) throws EvidenceException {
        return Snp.outcome(judge(endorsements), SnpCheck.REVOCATION);
    }

    private static Endorsements brought(Bytes crl) {
        return Endorsements.brought(Map.of("amd.crl", List.of(crl)));
    }

    private static Endorsements gathered(Bytes crl) {
        return Endorsements.none().with(Map.of(REF, new Availability.InHand(crl)));
    }

    private static Endorsements missing(Outcome.Cause cause) {
        return Endorsements.none().with(Map.of(REF, new Availability.Missing("AMD answered 429", cause)));
    }

    @Test
    void aReportWithACurrentListAndItsNonceIsGenuineUntilTheFirstWindowEnds() throws EvidenceException {
        for (Endorsements endorsements : List.of(brought(AMD.crl(BEFORE, AFTER)), gathered(AMD.crl(BEFORE, AFTER)))) {
            var genuine = assertInstanceOf(Authentication.Genuine.class, judge(endorsements));
            assertEquals(AFTER, genuine.restsUntil());
            assertEquals(
                    "laboratory",
                    genuine.claims().orElseThrow().find("snp.vouched_by").orElseThrow());
        }
    }

    @Test
    void aGenuineReportRestsOnTheVekWhereThatEndsBeforeTheList() throws EvidenceException {
        var genuine = assertInstanceOf(
                Authentication.Genuine.class,
                judge(gathered(AMD.crl(BEFORE, PretendAmd.UNTIL.plus(Duration.ofDays(1))))));
        assertEquals(PretendAmd.UNTIL, genuine.restsUntil());
    }

    @Test
    void asksForTheListOnlyWhenNoneWasBroughtAndTheSignatureVerifies() throws EvidenceException {
        var evidence = SCHEME.parse(new RawEvidence(Map.of("report", REPORT, "certificates", VCEK)));
        assertEquals(Set.of(REF), SCHEME.wanted(evidence, Endorsements.none(), AT));
        assertEquals(Set.of(), SCHEME.wanted(evidence, brought(AMD.crl(BEFORE, AFTER)), AT));
        assertEquals(Set.of(), SCHEME.wanted(evidence, missing(Outcome.Cause.NOT_FETCHED), AT));
        var forged =
                SCHEME.parse(new RawEvidence(Map.of("report", Snp.flipped(REPORT, 0x50 * 8), "certificates", VCEK)));
        assertEquals(Set.of(), SCHEME.wanted(forged, Endorsements.none(), AT));
        assertEquals(Set.of(), SCHEME.wanted(evidence, Endorsements.none(), PretendAmd.UNTIL.plusSeconds(1)));
    }

    @Test
    void anEntryForTheIntermediateFailsWhoeverHandsTheListIn() throws EvidenceException {
        Bytes revoked = AMD.crl(BEFORE, AFTER, 0x77, 0x10001);
        assertEquals("failed", outcome(brought(revoked)).word());
        assertEquals("failed", outcome(gathered(revoked)).word());
    }

    @Test
    void anEntryForSerialZeroRevokesEveryVek() throws EvidenceException {
        assertEquals("failed", outcome(gathered(AMD.crl(BEFORE, AFTER, 0))).word());
    }

    @Test
    void entriesForOtherSerialsRevokeNothingHere() throws EvidenceException {
        assertEquals(
                "passed",
                outcome(gathered(AMD.crl(BEFORE, AFTER, 0x10101, 0x10002))).word());
    }

    @Test
    void aListSignedByAnotherKeyOrNamedForAnotherIssuerFails() throws EvidenceException {
        Bytes forged = OTHER.crl(BEFORE, AFTER);
        Bytes otherName = PretendAmd.crl("ARK-Genoa", AMD.arkKey, BEFORE, Optional.of(AFTER));
        Bytes byIntermediate = PretendAmd.crl("SEV-Milan", AMD.askKey, BEFORE, Optional.of(AFTER));
        for (Bytes bad : List.of(forged, otherName, byIntermediate, Bytes.utf8("no list"), Bytes.empty())) {
            assertEquals("failed", outcome(brought(bad)).word());
            assertEquals("failed", outcome(gathered(bad)).word());
        }
    }

    @Test
    void aListWithoutAnEndFails() throws EvidenceException {
        Bytes endless = PretendAmd.crl("ARK-Milan", AMD.arkKey, BEFORE, Optional.empty());
        assertEquals("failed", outcome(brought(endless)).word());
        assertEquals("failed", outcome(gathered(endless)).word());
    }

    @Test
    void aBroughtListOutsideItsWindowFailsAndOurOwnCountsAsNotInHand() throws EvidenceException {
        for (Bytes crl : List.of(
                AMD.crl(BEFORE, AT), // ends at this very instant
                AMD.crl(BEFORE.minusSeconds(9), BEFORE),
                AMD.crl(AT.plusSeconds(61), AFTER))) {
            assertEquals("failed", outcome(brought(crl)).word());
            assertEquals("undetermined", outcome(gathered(crl)).word());
        }
        assertEquals(
                "passed", outcome(brought(AMD.crl(AT.plusSeconds(60), AFTER))).word());
        assertEquals(
                "passed", outcome(brought(AMD.crl(BEFORE, AT.plusSeconds(1)))).word());
    }

    @Test
    void askingAgainHelpsOnlyWhereOurOwnListEndedBecauseFetchingANewerOneFailed() throws EvidenceException {
        Bytes over = AMD.crl(BEFORE.minusSeconds(9), BEFORE);
        for (Outcome.Cause cause : List.of(Outcome.Cause.NOT_FETCHED, Outcome.Cause.NOT_IN_HAND)) {
            var notRenewed = new Availability.InHand(
                    over, Optional.of(new Availability.Missing("AMD KDS did not answer in time", cause)));
            var open = assertInstanceOf(
                    Outcome.Undetermined.class, outcome(Endorsements.none().with(Map.of(REF, notRenewed))));
            assertEquals(cause, open.cause());
            assertTrue(open.missing().endsWith("AMD KDS did not answer in time"), open.missing());
        }
        var never = assertInstanceOf(Outcome.Undetermined.class, outcome(gathered(over)));
        assertEquals(Outcome.Cause.NOT_IN_HAND, never.cause());
    }

    @Test
    void aPolicyMayLetOurOwnStaleListCountAndTheResultSaysSo() throws EvidenceException {
        var tolerant = new Tolerances("relaxed", Duration.ofHours(2), Map.of(), Map.of());
        Bytes stale = AMD.crl(BEFORE, AT.minus(Duration.ofHours(1)));
        var genuine = assertInstanceOf(Authentication.Genuine.class, judge(gathered(stale), AT, tolerant));
        assertEquals(AT.plus(Duration.ofHours(1)), genuine.restsUntil());
        var passed = assertInstanceOf(Outcome.Passed.class, Snp.outcome(genuine, SnpCheck.REVOCATION));
        assertTrue(passed.because().contains("relaxed"));
        assertEquals(
                "failed",
                Snp.outcome(judge(brought(stale), AT, tolerant), SnpCheck.REVOCATION)
                        .word());
        Bytes staler = AMD.crl(BEFORE, AT.minus(Duration.ofHours(2)));
        assertEquals(
                "undetermined",
                Snp.outcome(judge(gathered(staler), AT, tolerant), SnpCheck.REVOCATION)
                        .word());
        Bytes revoking = AMD.crl(BEFORE, AT.minus(Duration.ofHours(3)), 0x10001);
        assertEquals(
                "failed",
                Snp.outcome(judge(gathered(revoking), AT, tolerant), SnpCheck.REVOCATION)
                        .word());
    }

    @Test
    void aMissingListIsUndeterminedForTheReasonGivenAndCanBeWaived() throws EvidenceException {
        var open = assertInstanceOf(Outcome.Undetermined.class, outcome(missing(Outcome.Cause.NOT_FETCHED)));
        assertEquals(Outcome.Cause.NOT_FETCHED, open.cause());
        var waiving = new Tolerances("relaxed", Duration.ZERO, Map.of("snp.revocation", "air-gapped site"), Map.of());
        var genuine =
                assertInstanceOf(Authentication.Genuine.class, judge(missing(Outcome.Cause.NOT_IN_HAND), AT, waiving));
        assertEquals("waived", Snp.outcome(genuine, SnpCheck.REVOCATION).word());
        assertEquals(PretendAmd.UNTIL, genuine.restsUntil());
    }

    @Test
    void noPolicyWaivesAFailedListOrAnyOtherCheck() throws EvidenceException {
        var everything = new Tolerances(
                "too relaxed",
                Duration.ZERO,
                Map.of(
                        "snp.revocation",
                        "no",
                        "snp.binding",
                        "no",
                        "snp.vek-chain",
                        "no",
                        "snp.report-signature",
                        "no"),
                Map.of());
        assertInstanceOf(
                Authentication.Rejected.class, judge(brought(AMD.crl(BEFORE, AFTER, 0x10001)), AT, everything));
        var bare = SCHEME.parse(new RawEvidence(Map.of("report", REPORT)));
        var found = SCHEME.authenticate(
                bare,
                new AuthenticationContext(AT, Endorsements.none(), everything, BindingMethod.NONE, Optional.empty()));
        assertEquals(Set.of("snp.vek-chain", "snp.binding"), Snp.ended(found, "undetermined"));
    }

    @Test
    void aListForAVlekChainNamesTheAsvk() throws EvidenceException {
        Bytes report = AMD.report().tcb(TCB).u8(0x048, 4).signed();
        Bytes vlek = AMD.vek(VekKind.VLEK, AMD.extensions(VekKind.VLEK, SnpTcb.decode(TCB, Product.MILAN), CHIP));
        var evidence = SCHEME.parse(new RawEvidence(Map.of("report", report, "certificates", vlek)));
        var ref = new AmdEndorsementRef.Crl(Product.MILAN, VekKind.VLEK);
        assertEquals(Set.of(ref), SCHEME.wanted(evidence, Endorsements.none(), AT));
        for (var expected : Map.of(0x10001L, "passed", 0x10101L, "failed").entrySet()) {
            var gathered = Endorsements.none()
                    .with(Map.of(ref, new Availability.InHand(AMD.crl(BEFORE, AFTER, expected.getKey()))));
            var found = SCHEME.authenticate(evidence, Snp.at(AT, gathered));
            assertEquals(
                    expected.getValue(), Snp.outcome(found, SnpCheck.REVOCATION).word());
        }
    }

    @Test
    void aListInTheCertificateTableCountsWhereTheSlotIsEmpty() throws EvidenceException {
        Bytes table = CertificateTableTest.table(
                Map.of(CertificateTableTest.VCEK, VCEK, CertificateTableTest.CRL, AMD.crl(BEFORE, AFTER, 0x10001)));
        var evidence = SCHEME.parse(new RawEvidence(Map.of("report", REPORT, "certificates", table)));
        assertEquals(Set.of(), SCHEME.wanted(evidence, Endorsements.none(), AT));
        var fromTable = SCHEME.authenticate(evidence, Snp.at(AT));
        assertEquals("failed", Snp.outcome(fromTable, SnpCheck.REVOCATION).word());
        var fromSlot = SCHEME.authenticate(evidence, Snp.at(AT, brought(AMD.crl(BEFORE, AFTER))));
        assertEquals("passed", Snp.outcome(fromSlot, SnpCheck.REVOCATION).word());
    }

    @Test
    void rememberedListsAreJudgedAnewAtEveryInstant() throws EvidenceException {
        var crl = AMD.crl(BEFORE, AFTER);
        assertEquals("passed", outcome(brought(crl)).word());
        var later = judge(brought(crl), AFTER, Tolerances.strict("test"));
        assertEquals("failed", Snp.outcome(later, SnpCheck.REVOCATION).word());
    }

    @Test
    void unequalReportDataIsAFailureAndEqualOnePasses() throws EvidenceException {
        var evidence = SCHEME.parse(new RawEvidence(Map.of("report", REPORT, "certificates", VCEK)));
        var context = new AuthenticationContext(
                AT,
                Endorsements.none(),
                Tolerances.strict("test"),
                BindingMethod.COUNTERSIGN_V1,
                Optional.of(Bytes.utf8("other").zeroPaddedTo(64)));
        assertEquals(
                "failed",
                Snp.outcome(SCHEME.authenticate(evidence, context), SnpCheck.BINDING)
                        .word());
        assertEquals(
                "passed",
                Snp.outcome(judge(Endorsements.none()), SnpCheck.BINDING).word());
    }

    @Test
    void forgetfulAndMindfulSchemesAgree() throws EvidenceException {
        var forgetful = new SnpScheme(AMD.anchors(), Snp.FAST, SignatureFacts.forgetful());
        var raw = new RawEvidence(Map.of("report", REPORT, "certificates", VCEK));
        var context = Snp.at(AT, gathered(AMD.crl(BEFORE, AFTER)));
        assertEquals(
                forgetful.authenticate(forgetful.parse(raw), context).report().checks(),
                SCHEME.authenticate(SCHEME.parse(raw), context).report().checks());
    }
}
