package io.countersign.verifier.tee.snp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.trust.Certificate;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The extended report's certificate table, PEM bundles and single certificates, well-formed and not. */
class CertificateTableTest {
    static final String VCEK = "63da758de6644564adc5f4b93be8accd";
    static final String VLEK = "a8074bc2a25a483eaae639c045a0b8a1";
    static final String ASK = "4ab7b379bbac4fe4a02f05aef327c782";
    static final String ARK = "c0b406a4a803495297433fb6014cd0ae";
    static final String CRL = "92f81bc358114d3d97ffd19f88dc67ea";
    private static final String GOOGLE = "ecae0c0f950243b1afa20ae2e0d565b6";

    /** A table as hosts write it, page padding at its end included. */
    static Bytes table(Map<String, Bytes> blobs) {
        int offset = (blobs.size() + 1) * 24;
        int total = offset + blobs.values().stream().mapToInt(Bytes::length).sum();
        var out = ByteBuffer.allocate((total + 4095) / 4096 * 4096).order(ByteOrder.LITTLE_ENDIAN);
        for (var blob : new TreeMap<>(blobs).entrySet()) {
            out.put(Bytes.fromHex(blob.getKey()).toByteArray());
            out.putInt(offset).putInt(blob.getValue().length());
            out.put(offset, blob.getValue().toByteArray());
            offset += blob.getValue().length();
        }
        return Bytes.copyOf(out.array());
    }

    private static Bytes entry(String guid, long offset, long length) {
        var out = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        out.put(Bytes.fromHex(guid).toByteArray()).putInt((int) offset).putInt((int) length);
        return Bytes.copyOf(out.array());
    }

    private static MalformedEvidenceException refused(Bytes certificates) {
        return assertThrows(
                MalformedEvidenceException.class, () -> BroughtCertificates.parse(certificates, Certificate::parse));
    }

    @Test
    void readsTheTableOfAGuestAndIgnoresEveryAuthorityInIt() throws EvidenceException {
        var capture = Captures.named("tav-milan");
        Bytes table = table(Map.of(
                VCEK, capture.vek(),
                ASK, Captures.read("anchors/ask-genoa.der"),
                ARK, Captures.read("anchors/ark-genoa.der"),
                GOOGLE, Bytes.fromHex("08000000110fa000")));
        var found = Snp.judge(capture.report(), table, capture.hint());
        assertEquals(4, Snp.ended(found, "passed").size());
    }

    @Test
    void choosesBySigningKeyWhereATableHoldsBothKinds() throws EvidenceException {
        for (String id : Set.of("tav-milan", "coco-vlek")) {
            var capture = Captures.named(id);
            Bytes table = table(Map.of(
                    VCEK,
                    Captures.named("tav-milan").vek(),
                    VLEK,
                    Captures.named("coco-vlek").vek()));
            var found = Snp.judge(capture.report(), table, capture.hint());
            assertEquals(Set.of(), Snp.ended(found, "failed"), id);
        }
    }

    @Test
    void refusesAKindOfCertificateInTheEntryOfTheOtherKind() throws EvidenceException {
        var capture = Captures.named("coco-vlek");
        var found = Snp.judge(capture.report(), table(Map.of(VCEK, capture.vek())), capture.hint());
        assertEquals(Set.of("snp.vek-chain"), Snp.ended(found, "failed"));
    }

    @Test
    void readsPemInATableAsSomeHostsWriteIt() throws EvidenceException {
        var capture = Captures.named("tav-milan");
        Bytes table = table(Map.of(VCEK, Bytes.utf8(PretendAmd.pem(capture.vek()))));
        assertEquals(
                4,
                Snp.ended(Snp.judge(capture.report(), table, capture.hint()), "passed")
                        .size());
    }

    @Test
    void anEmptyTableBringsNothing() throws EvidenceException {
        for (Bytes empty : Set.of(Bytes.empty(), Bytes.zeros(24), Bytes.zeros(4096))) {
            assertEquals(0, BroughtCertificates.parse(empty, Certificate::parse).count());
        }
    }

    @Test
    void refusesATableThatEndsWithoutItsAllZeroEntry() {
        assertEquals(0, refused(Bytes.zeros(23)).offset());
        assertEquals(24, refused(entry(GOOGLE, 24, 0)).offset());
    }

    @Test
    void refusesBlobsOutsideTheTableAndOverItsEntries() {
        Bytes end = Bytes.zeros(24 + 100);
        for (Bytes bad : Set.of(
                entry(VCEK, 0, 10),
                entry(VCEK, 47, 10),
                entry(VCEK, 48, 101),
                entry(VCEK, 149, 0),
                entry(VCEK, 0xFFFFFFFFL, 1),
                entry(VCEK, 48, 0xFFFFFFFFL),
                entry(GOOGLE, 0xFFFFFFF0L, 0x20))) {
            assertEquals("certificate table", refused(Bytes.concat(bad, end)).structure());
        }
    }

    @Test
    void refusesAGuidThatStandsTwice() {
        Bytes twice = Bytes.concat(entry(GOOGLE, 72, 0), entry(GOOGLE, 72, 0), Bytes.zeros(24));
        assertEquals(24, refused(twice).offset());
    }

    @Test
    void refusesMoreThanSixteenEntries() {
        var entries = new Bytes[18];
        for (int i = 0; i < 17; i++) {
            entries[i] = entry("%032x".formatted(i + 1), 18 * 24, 0);
        }
        entries[17] = Bytes.zeros(24);
        assertEquals(16 * 24, refused(Bytes.concat(entries)).offset());
    }

    @Test
    void refusesAnEntryThatIsNoCertificateOrHasBytesAfterIt() {
        Bytes vcek = Captures.named("tav-milan").vek();
        for (Bytes bad : Set.of(Bytes.empty(), Bytes.utf8("junk"), Bytes.concat(vcek, Bytes.zeros(1)))) {
            assertTrue(refused(table(Map.of(VCEK, bad))).structure().contains("VCEK"));
            refused(table(Map.of(ARK, bad)));
        }
    }

    @Test
    void refusesOneCertificateWithATrailingByteAndEveryCutOfIt() {
        Bytes vcek = Captures.named("tav-milan").vek();
        refused(Bytes.concat(vcek, Bytes.zeros(1)));
        for (int length = 1; length < vcek.length(); length += 7) {
            refused(vcek.slice(0, length));
        }
    }

    @Test
    void refusesPemThatIsNotCertificatesOnly() {
        String good = PretendAmd.pem(Captures.named("tav-milan").vek());
        for (String bad : Set.of(
                "-----BEGIN",
                "-----BEGIN CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                good + "rubbish",
                good.replace("MII", "M*I"),
                good.repeat(17))) {
            refused(Bytes.utf8(bad));
        }
    }

    @Test
    void readsSixteenCertificatesWithWhiteSpaceBetweenThem() throws EvidenceException {
        String good = PretendAmd.pem(Captures.named("tav-milan").vek()).replace("\n", "\r\n");
        assertEquals(
                16,
                BroughtCertificates.parse(Bytes.utf8((good + "\n ").repeat(16)), Certificate::parse)
                        .count());
    }

    @Test
    void damageToAContainerLetsNothingOutButTheRefusal() {
        Bytes vcek = Captures.named("tav-milan").vek();
        Bytes table = table(Map.of(VCEK, vcek, ASK, vcek, CRL, Bytes.utf8("list")));
        Bytes pem = Bytes.utf8(PretendAmd.pem(vcek));
        for (Bytes whole : List.of(table.slice(0, 4 * 24 + 2 * vcek.length() + 4), pem)) {
            for (int bit = 0; bit < whole.length() * 8; bit += bit < 4 * 24 * 8 ? 1 : 13) {
                try {
                    BroughtCertificates.parse(Snp.flipped(whole, bit), Certificate::parse);
                } catch (MalformedEvidenceException refusal) {
                    assertTrue(refusal.getMessage().contains("at offset"));
                }
            }
            for (int length = 1; length < whole.length(); length += 11) {
                refused(whole.slice(0, length));
            }
        }
    }

    @Test
    void certificatesWithoutAnyVekAreRejectedAndNeverUndetermined() throws EvidenceException {
        var capture = Captures.named("tav-milan");
        for (String authority : Set.of("ark-milan", "ask-milan", "asvk-milan")) {
            var found = Snp.judge(capture.report(), Captures.read("anchors/" + authority + ".der"), capture.hint());
            assertEquals(Authenticity.REJECTED, found.authenticity());
            assertEquals(Set.of("snp.vek-chain"), Snp.ended(found, "failed"));
        }
    }
}
