package io.countersign.verifier.tee.snp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.SignatureFacts;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AMD's certificate extensions: only AMD's own encodings are read, and what they name must be what the report says. */
class VekExtensionsTest {
    private static final Map<Product, PretendAmd> AMDS = new EnumMap<>(Product.class);
    private static final Map<Product, SnpScheme> SCHEMES = new EnumMap<>(Product.class);

    static {
        for (Product product : Product.values()) {
            var amd = new PretendAmd(product);
            AMDS.put(product, amd);
            SCHEMES.put(product, new SnpScheme(amd.anchors(), Snp.FAST, SignatureFacts.forgetful()));
        }
    }

    private static PretendAmd amd(Product product) {
        return java.util.Objects.requireNonNull(AMDS.get(product));
    }

    private static Bytes tcb(Product product) {
        return Bytes.fromHex(product == Product.TURIN ? "0102030400000051" : "04000000000018db");
    }

    private static Bytes chip(Product product) {
        return Bytes.fromHex("02".repeat(product.hardwareIdLength()));
    }

    /** Judges a good report with a signed VEK whose extensions were changed. */
    private static Authentication judge(Product product, VekKind kind, Consumer<Map<String, Bytes>> change)
            throws EvidenceException {
        PretendAmd amd = amd(product);
        var extensions = amd.extensions(kind, SnpTcb.decode(tcb(product), product), chip(product));
        change.accept(extensions);
        var report = amd.report().tcb(tcb(product));
        Bytes signed = kind == VekKind.VCEK
                ? report.put(0x1A0, chip(product)).signed()
                : report.u8(0x048, 4).signed();
        return judge(product, signed, amd.vek(kind, extensions));
    }

    private static Authentication judge(Product product, Bytes report, Bytes vek) throws EvidenceException {
        var scheme = java.util.Objects.requireNonNull(SCHEMES.get(product));
        var evidence = scheme.parse(new RawEvidence(Map.of("report", report, "certificates", vek)));
        return scheme.authenticate(evidence, Snp.at(Snp.NOW));
    }

    private static Set<String> failing(Product product, VekKind kind, Consumer<Map<String, Bytes>> change)
            throws EvidenceException {
        return Snp.ended(judge(product, kind, change), "failed");
    }

    @ParameterizedTest
    @CsvSource({"020100, 0", "02017f, 127", "02020080, 128", "020200db, 219", "020200ff, 255"})
    void readsLevelsInMinimalDer(String der, int level) {
        assertEquals(OptionalInt.of(level), VekExtensions.level(Bytes.fromHex(der)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "02",
                "0200",
                "0201",
                "020180",
                "0201ff",
                "0202007f",
                "02020100",
                "0202ff80",
                "0203000080",
                "02010000",
                "02020080ff",
                "0401db",
                "030100",
                "02810100",
                "028101ff",
                "db"
            })
    void refusesLevelsInAnyOtherEncoding(String der) {
        assertEquals(OptionalInt.empty(), VekExtensions.level(Bytes.fromHex(der)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1600", "160141ff", "16024", "0c0141", "16810141", "160107", "1601ff"})
    void refusesTextThatIsNotAPlainIa5String(String der) {
        Bytes value = der.length() % 2 == 0 ? Bytes.fromHex(der) : Bytes.fromHex("160241");
        assertEquals(Optional.empty(), VekExtensions.ia5(value));
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void readsTheHardwareIdRawOrWrappedWhateverItsFirstByteIs(Product product) {
        int length = product.hardwareIdLength();
        for (int first : List.of(0x00, 0x02, 0x04, 0x30)) {
            Bytes id = Bytes.concat(Bytes.copyOf((byte) first, (byte) length), Bytes.zeros(length - 2));
            Bytes wrapped = Bytes.concat(Bytes.copyOf((byte) 4, (byte) length), id);
            assertEquals(Optional.of(id), VekExtensions.hardwareId(id, product));
            assertEquals(Optional.of(id), VekExtensions.hardwareId(wrapped, product));
            for (Bytes bad : List.of(
                    Bytes.empty(),
                    id.slice(1, length),
                    Bytes.concat(id, Bytes.zeros(1)),
                    Bytes.concat(Bytes.copyOf((byte) 2, (byte) length), id),
                    Bytes.concat(Bytes.copyOf((byte) 4, (byte) (length - 1)), id),
                    Bytes.concat(wrapped, Bytes.zeros(1)))) {
                assertEquals(Optional.empty(), VekExtensions.hardwareId(bad, product));
            }
        }
    }

    @Test
    void readsBothHistoricEncodingsOfTheHardwareId() throws MalformedDerException {
        for (String id : List.of("coco-vcek-inv-legacy", "coco-vcek-inv-new")) {
            var certificate = Certificate.parse(Captures.named(id).vek());
            var extensions = VekExtensions.decode(certificate, Product.MILAN, VekKind.VCEK);
            assertEquals(List.of(), extensions.findings());
            assertEquals(64, extensions.hardwareId().orElseThrow().length());
        }
    }

    @Test
    void readsEveryGenuineVekWithoutAFinding() throws MalformedDerException {
        for (var capture : Captures.all()) {
            var certificate = Certificate.parse(capture.vek());
            Product product = Snp.AMD.all().stream()
                    .filter(anchor -> anchor.certificate().subject().equals(certificate.issuer()))
                    .map(anchor -> Product.named(anchor.variant()).orElseThrow())
                    .findFirst()
                    .orElseThrow();
            assertEquals(List.of(), Vek.read(certificate, product, Snp.FAST).roleFindings());
            assertEquals(
                    List.of(),
                    Vek.read(certificate, product, Snp.FAST).extensions().findings());
        }
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void goodCertificatesOfBothKindsMatch(Product product) throws EvidenceException {
        for (VekKind kind : VekKind.values()) {
            var found = judge(product, kind, _ -> {});
            assertEquals(Set.of(), Snp.ended(found, "failed"));
            assertEquals(4, Snp.ended(found, "passed").size());
            assertEquals(
                    kind == VekKind.VLEK,
                    found.claims().orElseThrow().find("snp.csp_id").isPresent());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "3.1", "3.2", "3.3", "3.8", "4"})
    void aMissingExtensionFailsTheMatch(String suffix) throws EvidenceException {
        assertEquals(
                Set.of("snp.vek-matches-report"),
                failing(Product.MILAN, VekKind.VCEK, extensions -> extensions.remove(suffix)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1", "3.2", "3.3", "3.8"})
    void everyLevelMustBeExactlyTheReportedOne(String suffix) throws EvidenceException {
        for (int level : List.of(1, 3, 5, 23, 25, 218, 220, 255)) {
            assertEquals(
                    Set.of("snp.vek-matches-report"),
                    failing(Product.MILAN, VekKind.VCEK, all -> all.put(suffix, PretendAmd.integer(level))));
        }
    }

    @Test
    void turinNeedsItsFmcLevelAndOthersMustNotHaveOne() throws EvidenceException {
        Set<String> mismatch = Set.of("snp.vek-matches-report");
        assertEquals(mismatch, failing(Product.TURIN, VekKind.VCEK, all -> all.remove("3.9")));
        assertEquals(mismatch, failing(Product.TURIN, VekKind.VCEK, all -> all.put("3.9", PretendAmd.integer(2))));
        assertEquals(mismatch, failing(Product.GENOA, VekKind.VCEK, all -> all.put("3.9", PretendAmd.integer(0))));
    }

    @Test
    void structVersionAndProductNameMustFitTheProductLine() throws EvidenceException {
        Set<String> mismatch = Set.of("snp.vek-matches-report");
        assertEquals(mismatch, failing(Product.TURIN, VekKind.VCEK, all -> all.put("1", PretendAmd.integer(0))));
        assertEquals(mismatch, failing(Product.MILAN, VekKind.VCEK, all -> all.put("1", PretendAmd.integer(1))));
        for (String name : List.of("Genoa", "Milan2", "milan", "-Milan", "Mila")) {
            assertEquals(mismatch, failing(Product.MILAN, VekKind.VCEK, all -> all.put("2", ia5(name))));
        }
        assertEquals(Set.of(), failing(Product.MILAN, VekKind.VCEK, all -> all.put("2", ia5("Milan-B0"))));
    }

    @Test
    void reservedLevelsMustBeZero() throws EvidenceException {
        for (String suffix : List.of("3.4", "3.5", "3.6", "3.7")) {
            assertEquals(
                    Set.of("snp.vek-matches-report"),
                    failing(Product.MILAN, VekKind.VCEK, all -> all.put(suffix, PretendAmd.integer(1))));
            assertEquals(Set.of(), failing(Product.MILAN, VekKind.VCEK, all -> all.put(suffix, PretendAmd.integer(0))));
        }
    }

    @Test
    void aVcekNamesAChipOnlyAndAVlekAProviderOnly() throws EvidenceException {
        Set<String> mismatch = Set.of("snp.vek-matches-report");
        assertEquals(mismatch, failing(Product.MILAN, VekKind.VCEK, all -> all.put("5", ia5("CN=x"))));
        assertEquals(mismatch, failing(Product.MILAN, VekKind.VLEK, all -> all.put("4", chip(Product.MILAN))));
        assertEquals(mismatch, failing(Product.MILAN, VekKind.VLEK, all -> all.remove("5")));
        assertEquals(mismatch, failing(Product.MILAN, VekKind.VLEK, all -> all.put("5", Bytes.fromHex("1600"))));
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void theWholeChipIdIsCompared(Product product) throws EvidenceException {
        PretendAmd amd = amd(product);
        Bytes vek = amd.vek(
                VekKind.VCEK, amd.extensions(VekKind.VCEK, SnpTcb.decode(tcb(product), product), chip(product)));
        for (int offset : List.of(0, 7, 8, 63)) {
            Bytes report = amd.report()
                    .tcb(tcb(product))
                    .put(0x1A0, chip(product))
                    .u8(0x1A0 + offset, 0x55)
                    .signed();
            assertEquals(Set.of("snp.vek-matches-report"), Snp.ended(judge(product, report, vek), "failed"));
        }
    }

    @Test
    void aMaskedChipIdFailsTheMatchOfAVcekAlone() throws EvidenceException {
        PretendAmd amd = amd(Product.MILAN);
        Bytes vek = amd.vek(
                VekKind.VCEK,
                amd.extensions(VekKind.VCEK, SnpTcb.decode(tcb(Product.MILAN), Product.MILAN), Bytes.zeros(64)));
        Bytes report = amd.report().tcb(tcb(Product.MILAN)).signed();
        assertEquals(Set.of("snp.vek-matches-report"), Snp.ended(judge(Product.MILAN, report, vek), "failed"));
    }

    @Test
    void anExtensionThatStandsTwiceIsMalformed() {
        var amd = amd(Product.MILAN);
        var good = amd.vek(
                VekKind.VCEK,
                amd.extensions(VekKind.VCEK, SnpTcb.decode(tcb(Product.MILAN), Product.MILAN), chip(Product.MILAN)));
        // Renames spl 3.3 to 3.2, which then stands twice.
        byte[] array = good.toByteArray();
        int at = indexOf(array, Bytes.fromHex("2b060104019c78010303").toByteArray());
        array[at + 9] = 2;
        assertThrows(MalformedDerException.class, () -> Certificate.parse(Bytes.copyOf(array)));
    }

    private static int indexOf(byte[] array, byte[] part) {
        for (int i = 0; i + part.length <= array.length; i++) {
            if (java.util.Arrays.equals(array, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not there");
    }

    @Test
    void aVekUnderAnotherNameOrSignedByTheWrongAuthorityFailsItsChain() throws EvidenceException {
        PretendAmd amd = amd(Product.MILAN);
        var extensions =
                amd.extensions(VekKind.VCEK, SnpTcb.decode(tcb(Product.MILAN), Product.MILAN), chip(Product.MILAN));
        Bytes report = amd.report()
                .tcb(tcb(Product.MILAN))
                .put(0x1A0, chip(Product.MILAN))
                .signed();
        for (Bytes bad : List.of(
                amd.vek(VekKind.VCEK, "VCEK", extensions, amd.askKey),
                amd.vek(VekKind.VCEK, "SEV-VCEKs", extensions, amd.askKey),
                amd.vek(VekKind.VCEK, "SEV-VCEK", extensions, amd.arkKey),
                amd.vek(VekKind.VCEK, "SEV-VCEK", extensions, amd.asvkKey),
                amd.vek(VekKind.VLEK, "SEV-VCEK", extensions, amd.asvkKey),
                amd.vek(VekKind.VCEK, "SEV-VLEK", extensions, amd.askKey),
                PretendAmd.authority("SEV-VCEK", "SEV-Milan", amd.vekKey, amd.askKey, 0, Optional.empty()))) {
            var found = judge(Product.MILAN, report, bad);
            assertEquals(Authenticity.REJECTED, found.authenticity());
            assertTrue(Snp.ended(found, "failed").contains("snp.vek-chain"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA384withRSA", "SHA256withRSA", "SHA256withRSAandMGF1", "SHA512withRSAandMGF1"})
    void aVekSignedByItsAskWithAnotherAlgorithmFailsItsChain(String algorithm) throws EvidenceException {
        PretendAmd amd = amd(Product.MILAN);
        Bytes vek = amd.vcekSignedWith(
                algorithm,
                amd.extensions(VekKind.VCEK, SnpTcb.decode(tcb(Product.MILAN), Product.MILAN), chip(Product.MILAN)));
        Bytes report = amd.report()
                .tcb(tcb(Product.MILAN))
                .put(0x1A0, chip(Product.MILAN))
                .signed();
        assertEquals(Set.of("snp.vek-chain"), Snp.ended(judge(Product.MILAN, report, vek), "failed"));
    }

    private static Bytes ia5(String text) {
        return PretendAmd.der(new org.bouncycastle.asn1.DERIA5String(text));
    }
}
