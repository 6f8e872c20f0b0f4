package io.countersign.verifier.tee.snp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.SignatureFacts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which endorsements are asked for, in which order, and what their absence or badness means. */
class GatheringTest {
    private static final PretendAmd AMD = new PretendAmd(Product.MILAN);
    private static final SnpScheme LAB = new SnpScheme(AMD.anchors(), Snp.FAST, SignatureFacts.forgetful());
    private static final Bytes TCB = Bytes.fromHex("04000000000018db");
    private static final Bytes CHIP = Bytes.utf8("a chip").zeroPaddedTo(63);

    private static AmdEndorsementRef.Vcek ref(AttestationReport report, Product product) {
        return new AmdEndorsementRef.Vcek(
                product,
                report.chipId().slice(0, product.hardwareIdLength()),
                SnpTcb.decode(report.reportedTcb(), product));
    }

    private static Endorsements inHand(EndorsementRef ref, Bytes content) {
        return Endorsements.none().with(Map.of(ref, new Availability.InHand(content)));
    }

    private static Endorsements missing(EndorsementRef ref, Outcome.Cause cause) {
        return Endorsements.none().with(Map.of(ref, new Availability.Missing("AMD answered 404", cause)));
    }

    private static Set<String> failed(Authentication authentication) {
        return Snp.ended(authentication, "failed");
    }

    @Test
    void asksForTheVcekThenForTheListAndThenForNothing() throws EvidenceException {
        for (String id : List.of("tav-milan", "tav-genoa", "tav-turin", "ars-genoa-v5")) {
            var capture = Captures.named(id);
            SnpEvidence evidence = Snp.parse(capture.report());
            Product product = evidence.report().product().orElseThrow();
            var vcek = ref(evidence.report(), product);
            assertEquals(Set.of(vcek), Snp.SCHEME.wanted(evidence, Endorsements.none(), capture.hint()));
            var crl = new AmdEndorsementRef.Crl(product, VekKind.VCEK);
            var withVcek = inHand(vcek, capture.vek());
            assertEquals(Set.of(crl), Snp.SCHEME.wanted(evidence, withVcek, capture.hint()));
            var answered = withVcek.with(Map.of(crl, new Availability.Missing("offline", Outcome.Cause.NOT_IN_HAND)));
            assertEquals(Set.of(), Snp.SCHEME.wanted(evidence, answered, capture.hint()));
            assertEquals(
                    4,
                    Snp.ended(Snp.SCHEME.authenticate(evidence, Snp.at(capture.hint(), answered)), "passed")
                            .size());
        }
    }

    @Test
    void aVersionTwoReportIsTriedAsMilanAndThenAsGenoa() throws EvidenceException {
        var capture = Captures.named("virtee-milan");
        SnpEvidence evidence = Snp.parse(capture.report());
        var milan = ref(evidence.report(), Product.MILAN);
        var genoa = ref(evidence.report(), Product.GENOA);
        assertEquals(Set.of(milan), Snp.SCHEME.wanted(evidence, Endorsements.none(), capture.hint()));
        assertEquals(
                4,
                Snp.ended(
                                Snp.SCHEME.authenticate(evidence, Snp.at(capture.hint(), inHand(milan, capture.vek()))),
                                "passed")
                        .size());
        var noMilan = missing(milan, Outcome.Cause.NOT_IN_HAND);
        assertEquals(Set.of(genoa), Snp.SCHEME.wanted(evidence, noMilan, capture.hint()));
        var neither = noMilan.with(Map.of(genoa, new Availability.Missing("429", Outcome.Cause.NOT_FETCHED)));
        assertEquals(Set.of(), Snp.SCHEME.wanted(evidence, neither, capture.hint()));
        var open = assertInstanceOf(
                Outcome.Undetermined.class,
                Snp.outcome(Snp.SCHEME.authenticate(evidence, Snp.at(capture.hint(), neither)), SnpCheck.VEK_CHAIN));
        assertEquals(Outcome.Cause.NOT_FETCHED, open.cause());
        assertTrue(open.missing().contains("404") && open.missing().contains("429"));
    }

    @Test
    void aVersionTwoReportWithAChipIdOfEightBytesIsTurins() throws EvidenceException {
        var turin = new PretendAmd(Product.TURIN);
        var tcb = Bytes.fromHex("0102030400000051");
        var chip = Bytes.fromHex("0102030405060708");
        Bytes report = turin.report()
                .tcb(tcb)
                .put(0x1A0, chip)
                .u8(0, 2)
                .put(0x188, Bytes.zeros(3))
                .signed();
        var scheme = new SnpScheme(turin.anchors(), Snp.FAST, SignatureFacts.forgetful());
        var evidence = scheme.parse(new RawEvidence(Map.of("report", report)));
        var ref = new AmdEndorsementRef.Vcek(Product.TURIN, chip, SnpTcb.decode(tcb, Product.TURIN));
        assertEquals(Set.of(ref), scheme.wanted(evidence, Endorsements.none(), Snp.NOW));
        Bytes vek = turin.vek(VekKind.VCEK, turin.extensions(VekKind.VCEK, SnpTcb.decode(tcb, Product.TURIN), chip));
        var found = scheme.authenticate(evidence, Snp.at(Snp.NOW, inHand(ref, vek)));
        assertEquals(4, Snp.ended(found, "passed").size());
        var claims = found.claims().orElseThrow();
        assertEquals("Turin", claims.find("snp.product").orElseThrow());
        assertEquals(1L, claims.find("snp.reported_tcb.fmc").orElseThrow());
        assertEquals(0L, claims.find("snp.cpuid_family").orElseThrow());
    }

    @Test
    void withoutAChainAVersionTwoReportClaimsNeitherProductNorLevels() throws EvidenceException {
        var capture = Captures.named("virtee-milan");
        var claims = Snp.SCHEME
                .authenticate(Snp.parse(capture.report()), Snp.at(capture.hint()))
                .claims()
                .orElseThrow();
        assertTrue(claims.find("snp.product").isEmpty());
        assertTrue(claims.find("snp.reported_tcb.snp").isEmpty());
        assertTrue(claims.find("snp.measurement").isPresent());
    }

    @Test
    void aVlekCannotBeFetched() throws EvidenceException {
        var capture = Captures.named("coco-vlek");
        SnpEvidence evidence = Snp.parse(capture.report());
        assertEquals(Set.of(), Snp.SCHEME.wanted(evidence, Endorsements.none(), capture.hint()));
        var found = Snp.SCHEME.authenticate(evidence, Snp.at(capture.hint()));
        var open = assertInstanceOf(Outcome.Undetermined.class, Snp.outcome(found, SnpCheck.VEK_CHAIN));
        assertEquals(Outcome.Cause.NOT_IN_HAND, open.cause());
        assertTrue(open.hint().contains("provider"));
    }

    @Test
    void aMaskedChipIdCannotBeAskedFor() throws EvidenceException {
        SnpEvidence evidence =
                LAB.parse(new RawEvidence(Map.of("report", AMD.report().tcb(TCB).signed())));
        assertEquals(Set.of(), LAB.wanted(evidence, Endorsements.none(), Snp.NOW));
        assertEquals(Set.of("snp.vek-matches-report"), failed(LAB.authenticate(evidence, Snp.at(Snp.NOW))));
    }

    @Test
    void aTurinChipIdLongerThanEightBytesCannotBeAskedFor() throws EvidenceException {
        var capture = Captures.named("tav-turin");
        SnpEvidence evidence = Snp.parse(Snp.with(capture.report(), 0x1DF, Bytes.fromHex("01")));
        assertEquals(Set.of(), Snp.SCHEME.wanted(evidence, Endorsements.none(), capture.hint()));
        assertEquals(
                Set.of("snp.vek-matches-report"), failed(Snp.SCHEME.authenticate(evidence, Snp.at(capture.hint()))));
    }

    @Test
    void aFetchedVcekThatIsNoGoodFailsAndItsSourceIsNamed() throws EvidenceException {
        var capture = Captures.named("tav-milan");
        SnpEvidence evidence = Snp.parse(capture.report());
        var ref = ref(evidence.report(), Product.MILAN);
        for (Bytes bad : List.of(
                Captures.named("tav-genoa").vek(),
                Captures.named("coco-vcek-inv-new").vek(),
                Bytes.utf8("<html>"))) {
            var found = Snp.SCHEME.authenticate(evidence, Snp.at(capture.hint(), inHand(ref, bad)));
            assertEquals(Authenticity.REJECTED, found.authenticity());
            var failure = found.report().checks().stream()
                    .map(io.countersign.verifier.check.Check::outcome)
                    .filter(Outcome.Failed.class::isInstance)
                    .map(Outcome.Failed.class::cast)
                    .findFirst()
                    .orElseThrow();
            assertTrue(failure.hint().contains("Key Distribution Service"), failure::hint);
        }
    }

    @Test
    void ourOwnVcekOutsideItsWindowCountsAsNotInHand() throws EvidenceException {
        var capture = Captures.named("tav-milan");
        SnpEvidence evidence = Snp.parse(capture.report());
        var endorsements = inHand(ref(evidence.report(), Product.MILAN), capture.vek());
        var longAgo = capture.hint().minus(Duration.ofDays(6 * 365));
        var found = Snp.SCHEME.authenticate(evidence, Snp.at(longAgo, endorsements));
        assertEquals(Authenticity.UNDETERMINED, found.authenticity());
        assertTrue(Snp.ended(found, "undetermined").contains("snp.vek-chain"));
        assertEquals(Set.of(), Snp.SCHEME.wanted(evidence, endorsements, longAgo));
    }

    @Test
    void askingAgainHelpsWhereOurOwnVcekEndedBecauseFetchingANewerOneFailed() throws EvidenceException {
        var capture = Captures.named("tav-milan");
        SnpEvidence evidence = Snp.parse(capture.report());
        var away = new Availability.Missing("AMD KDS did not answer in time", Outcome.Cause.NOT_FETCHED);
        var endorsements = Endorsements.none()
                .with(Map.of(
                        ref(evidence.report(), Product.MILAN),
                        new Availability.InHand(capture.vek(), Optional.of(away))));
        var later = capture.hint().plus(Duration.ofDays(8 * 365));
        var found = Snp.SCHEME.authenticate(evidence, Snp.at(later, endorsements));
        var open = assertInstanceOf(Outcome.Undetermined.class, Snp.outcome(found, SnpCheck.VEK_CHAIN));
        assertEquals(Outcome.Cause.NOT_FETCHED, open.cause());
        assertTrue(open.missing().endsWith("AMD KDS did not answer in time"), open.missing());
    }

    @Test
    void broughtCertificatesAreNeverReplacedByFetchedOnes() throws EvidenceException {
        var capture = Captures.named("tav-milan");
        SnpEvidence evidence =
                Snp.parse(capture.report(), Captures.named("tav-genoa").vek());
        var endorsements = inHand(ref(evidence.report(), Product.MILAN), capture.vek());
        assertEquals(
                Authenticity.REJECTED,
                Snp.SCHEME
                        .authenticate(evidence, Snp.at(capture.hint(), endorsements))
                        .authenticity());
        assertEquals(Set.of(), Snp.SCHEME.wanted(evidence, Endorsements.none(), capture.hint()));
    }

    @Test
    void aReissuedIntermediateIsAskedForAndCountsWhenThePinnedArkSignedIt() throws EvidenceException {
        var successor = PretendAmd.rsa();
        var extensions = AMD.extensions(VekKind.VCEK, SnpTcb.decode(TCB, Product.MILAN), CHIP.zeroPaddedTo(64));
        Bytes vek = AMD.vek(VekKind.VCEK, "SEV-VCEK", extensions, successor);
        Bytes report = AMD.report().tcb(TCB).put(0x1A0, CHIP).signed();
        var evidence = LAB.parse(new RawEvidence(Map.of("report", report, "certificates", vek)));
        var ref = new AmdEndorsementRef.Chain(Product.MILAN, VekKind.VCEK);
        assertEquals(Set.of(ref), LAB.wanted(evidence, Endorsements.none(), Snp.NOW));
        assertEquals(Set.of("snp.vek-chain"), failed(LAB.authenticate(evidence, Snp.at(Snp.NOW))));

        Bytes reissued = PretendAmd.authority("SEV-Milan", "ARK-Milan", successor, AMD.arkKey, 0x10009, Optional.of(0));
        var chain = inHand(ref, pem(reissued, AMD.ark));
        var crl = new AmdEndorsementRef.Crl(Product.MILAN, VekKind.VCEK);
        assertEquals(Set.of(crl), LAB.wanted(evidence, chain, Snp.NOW));
        assertEquals(
                4,
                Snp.ended(LAB.authenticate(evidence, Snp.at(Snp.NOW, chain)), "passed")
                        .size());
        var revoked = chain.with(
                Map.of(crl, new Availability.InHand(AMD.crl(Snp.NOW, Snp.NOW.plus(Duration.ofDays(1)), 0x10009))));
        assertEquals(Set.of("snp.revocation"), failed(LAB.authenticate(evidence, Snp.at(Snp.NOW, revoked))));

        var stranger = PretendAmd.rsa();
        for (Bytes bad : List.of(
                PretendAmd.authority("SEV-Milan", "ARK-Milan", successor, stranger, 0x10009, Optional.of(0)),
                PretendAmd.authority("SEV-Milan", "ARK-Milan", successor, AMD.arkKey, 0x10009, Optional.of(1)),
                PretendAmd.authority("SEV-Milan", "ARK-Milan", successor, AMD.arkKey, 0x10009, Optional.empty()),
                PretendAmd.authority("SEV-Genoa", "ARK-Milan", successor, AMD.arkKey, 0x10009, Optional.of(0)),
                PretendAmd.authority("SEV-VLEK-Milan", "ARK-Milan", successor, AMD.arkKey, 1, Optional.of(0)))) {
            var found = LAB.authenticate(evidence, Snp.at(Snp.NOW, inHand(ref, pem(bad, AMD.ark))));
            assertEquals(Set.of("snp.vek-chain"), failed(found));
        }
        var unreadable = LAB.authenticate(evidence, Snp.at(Snp.NOW, inHand(ref, Bytes.utf8("<html>"))));
        assertEquals(Set.of("snp.vek-chain"), failed(unreadable));
    }

    @Test
    void aSelfMadeChainUnderAmdsNamesIsRejectedAndItsOwnAuthoritiesDoNotHelp() throws EvidenceException {
        Bytes report = AMD.report().tcb(TCB).put(0x1A0, CHIP).signed();
        Bytes vek = AMD.vek(
                VekKind.VCEK, AMD.extensions(VekKind.VCEK, SnpTcb.decode(TCB, Product.MILAN), CHIP.zeroPaddedTo(64)));
        var evidence = Snp.parse(report, pem(vek, AMD.ask, AMD.ark));
        assertEquals(Set.of("snp.vek-chain"), failed(Snp.SCHEME.authenticate(evidence, Snp.at(Snp.NOW))));
        var ref = new AmdEndorsementRef.Chain(Product.MILAN, VekKind.VCEK);
        assertEquals(
                Set.of("snp.vek-chain"),
                failed(Snp.SCHEME.authenticate(evidence, Snp.at(Snp.NOW, inHand(ref, pem(AMD.ask, AMD.ark))))));
    }

    @Test
    void aLaboratoryBesideAmdVouchesForItsOwnOnly() throws EvidenceException {
        var both = new SnpScheme(Snp.AMD.and(AMD.anchors()), Snp.FAST, Snp.mindful());
        Bytes report = AMD.report().tcb(TCB).put(0x1A0, CHIP).signed();
        Bytes vek = AMD.vek(
                VekKind.VCEK, AMD.extensions(VekKind.VCEK, SnpTcb.decode(TCB, Product.MILAN), CHIP.zeroPaddedTo(64)));
        var capture = Captures.named("tav-milan");
        var crl = new AmdEndorsementRef.Crl(Product.MILAN, VekKind.VCEK);
        var laboratoryList = inHand(crl, AMD.crl(capture.hint(), capture.hint().plusSeconds(9)));
        for (int i = 0; i < 2; i++) {
            var lab = both.authenticate(
                    both.parse(new RawEvidence(Map.of("report", report, "certificates", vek))),
                    Snp.at(capture.hint(), laboratoryList));
            assertEquals("passed", Snp.outcome(lab, SnpCheck.REVOCATION).word());
            assertEquals(
                    "laboratory",
                    lab.claims().orElseThrow().find("snp.vouched_by").orElseThrow());
            var raw = new RawEvidence(Map.of("report", capture.report(), "certificates", capture.vek()));
            var vendor = both.authenticate(both.parse(raw), Snp.at(capture.hint()));
            assertEquals(
                    "vendor",
                    vendor.claims().orElseThrow().find("snp.vouched_by").orElseThrow());
            // A laboratory's list says nothing about AMD's chain.
            var mixed = both.authenticate(both.parse(raw), Snp.at(capture.hint(), laboratoryList));
            assertEquals("failed", Snp.outcome(mixed, SnpCheck.REVOCATION).word());
        }
    }

    private static Bytes pem(Bytes... ders) {
        var text = new StringBuilder();
        for (Bytes der : ders) {
            text.append(PretendAmd.pem(der));
        }
        return Bytes.utf8(text.toString());
    }
}
