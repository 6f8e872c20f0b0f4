package io.countersign.verifier.tee.snp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.AnchorRole;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.TrustAnchors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pinned anchors are AMD's, and anchors that do not fit together are refused at start. */
class AnchorsTest {
    /** Fingerprints that five independent verifiers hold for the same certificates. */
    @ParameterizedTest
    @CsvSource({
        "AMD_ARK, Milan, 10000, 69d063b45344d26a2e94e1f4210de49ef555308287d4c174445c95639a540bcd, 9f056bee44377e29308cb5ffa895bdfb62d18881fa6bed8d6f075b0204089cb9",
        "AMD_ARK, Genoa, 20000, 4c6598d19c18719c5dfd4a7d335f674e5bfe1d8f800cea2cf270c10d103db2f1, 429a69c9422aa258ee4d8db5fcda9c6470ef15f8cd5a9cebd6cbc7d90b863831",
        "AMD_ARK, Turin, 30000, 1f084161a44bb6d93778a904877d4819cafa5d05ef4193b2ded9dd9c73dd3f6a, 4f125410563a2ab9a50356f9243f6fe0b6f73de98603f53f90339c70e9d7ad08",
        "AMD_ASK, Milan, 10001, 67d303bd3905fd38db8b20e0793699870e7fa612eaad5dec358293fd8c0bac1b, 42491669ccb851d627ea9846cd24eccbeb7de7c2a62740120fff88001d38ebb6",
        "AMD_ASVK, Milan, 10101, c5e081f59b7efab1fe2f8b505e159704e72f29cab7ef7cf628a05a42439082f5, 66450a123ea5876206df67f2514a4fea224c0f63b18313423078b0edc4535e33",
        "AMD_ASK, Genoa, 20002, 5464738c1546aed5f2cecf1dc98c5c960a92e8913238a61711bc90ec6e828521, 0324d55bcd48ba877a8fd87c0e1b4934dec8448e3807a24384a34dc6a6c9ebb8",
        "AMD_ASVK, Genoa, 20101, 197e610743a917d6b9bb982a5a9226ccc0a15b611be0619e626aca9151457372, 7d1633252ebbadaa75f96e9b4e6f7d43a90ceb3f843937482630f8da2459264e",
        "AMD_ASK, Turin, 30001, 5b77ef5fe7a7a004fd9032668fba9d0fda22f88c4442069a479636a6ae3b3185, 0000ead352025f208bf55297c4192c34cd1b878002107366d8f2065a9ae7d3a9",
        "AMD_ASVK, Turin, 30101, 104e10a8bd060a3c20a434261a57d0588fd65a88915b4f65b08bdecaf8df1a3c, bfc441408b2f806c5dbf180bd8920e6e60dd404d82141780d85dbf962954d386"
    })
    void pinsExactlyAmdsCertificates(AnchorRole role, String product, String serial, String sha256, String spki) {
        var anchor = Snp.AMD.of(role).stream()
                .filter(candidate -> candidate.variant().equals(product))
                .toList();
        assertEquals(1, anchor.size());
        var certificate = anchor.getFirst().certificate();
        assertEquals(sha256, certificate.fingerprint().toString());
        assertEquals(spki, certificate.subjectPublicKeyInfo().sha256().toString());
        assertEquals(serial, certificate.serial().toString(16));
        assertEquals(9, Snp.AMD.all().size());
    }

    @Test
    void everyPinnedCertificateIsSignedWithOneOfAmdsTwoEncodingsOfItsParameters() {
        var encodings = new ArrayList<Bytes>();
        Snp.AMD.all().forEach(anchor -> encodings.add(anchor.certificate().signatureAlgorithm()));
        assertTrue(encodings.stream().allMatch(AmdSignature.WITH_TRAILER::equals));
        var newer = Captures.named("tav-turin");
        assertEquals(AmdSignature.WITHOUT_TRAILER, assertParses(newer.vek()).signatureAlgorithm());
    }

    @Test
    void linksSixChains() {
        assertEquals(6, new SnpAnchors(Snp.AMD, Snp.FAST).chains().size());
        assertEquals(6, new SnpAnchors(Snp.AMD, Snp.PURE_JAVA).chains().size());
    }

    @Test
    void keepsALaboratoryBesideTheVendor() {
        var amd = new PretendAmd(Product.MILAN);
        var both = new SnpAnchors(Snp.AMD.and(amd.anchors()), Snp.FAST);
        assertEquals(8, both.chains().size());
        assertEquals(2, both.named(assertParses(amd.ask).subject()).size());
    }

    @Test
    void refusesAnchorsThatAreNotWhatTheirRoleSays() {
        var amd = new PretendAmd(Product.MILAN);
        var other = new PretendAmd(Product.MILAN);
        var noPathLength =
                PretendAmd.authority("SEV-Milan", "ARK-Milan", amd.askKey, amd.arkKey, 0x10001, Optional.empty());
        var longPath = PretendAmd.authority("SEV-Milan", "ARK-Milan", amd.askKey, amd.arkKey, 0x10001, Optional.of(1));
        var notSelfSigned = PretendAmd.authority("ARK-Milan", "ARK-Milan", amd.arkKey, amd.askKey, 1, Optional.empty());
        for (String bad : List.of(
                "# anchor: amd-ark Genoa\n" + PretendAmd.pem(amd.ark),
                "# anchor: amd-ark Rome\n" + PretendAmd.pem(amd.ark),
                "# anchor: amd-ark\n" + PretendAmd.pem(amd.ark),
                "# anchor: amd-ark Milan\n" + PretendAmd.pem(amd.ask),
                "# anchor: amd-ark Milan\n" + PretendAmd.pem(notSelfSigned),
                "# anchor: amd-ask Milan\n" + PretendAmd.pem(amd.ask),
                withArk(amd, "amd-ask Milan", other.ask),
                withArk(amd, "amd-ask Milan", amd.asvk),
                withArk(amd, "amd-asvk Milan", amd.ask),
                withArk(amd, "amd-ask Genoa", amd.ask),
                withArk(amd, "amd-ask Milan", noPathLength),
                withArk(amd, "amd-ask Milan", longPath))) {
            var anchors = TrustAnchors.parse(bad, TrustAnchors.Origin.LABORATORY);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new SnpScheme(anchors, Snp.FAST, SignatureFacts.forgetful()),
                    bad.lines().findFirst().orElseThrow());
        }
    }

    private static String withArk(PretendAmd amd, String role, Bytes intermediate) {
        return "# anchor: amd-ark Milan\n" + PretendAmd.pem(amd.ark) + "# anchor: " + role + "\n"
                + PretendAmd.pem(intermediate);
    }

    private static io.countersign.verifier.trust.Certificate assertParses(Bytes der) {
        try {
            return io.countersign.verifier.trust.Certificate.parse(der);
        } catch (io.countersign.verifier.trust.MalformedDerException e) {
            throw new AssertionError(e);
        }
    }
}
