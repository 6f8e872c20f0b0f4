package io.countersign.verifier.tee.tdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.insecure.IntelExtensions;
import io.countersign.insecure.Pem;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.AnchorRole;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.TrustAnchors;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pinned anchors are Intel's, and anchors that do not fit together are refused at start. */
class IntelAnchorsTest {
    private static final String ROOT = "# anchor: intel-root\n";
    private static final String SIGNER = "# anchor: intel-tcb-signing\n";

    private static TrustAnchors laboratory(String pem) {
        return TrustAnchors.parse(pem, TrustAnchors.Origin.LABORATORY);
    }

    private static IntelAnchors read(TrustAnchors anchors) {
        return new IntelAnchors(anchors, Tdx.FAST);
    }

    /** What other verifiers pin, and what Intel's own certificates of genuine quotes say. */
    @ParameterizedTest
    @CsvSource({
        "INTEL_ROOT, 22650cd65a9d3489f383b49552bf501b392706ac, 44a0196b2b99f889b8e149e95b807a350e7424964399e885a7cbb8ccfab674d3, a0af031289f5d5d4132f9186068a7fc13628633ba235777472e29b6b6c67a49e",
        "INTEL_PCK_CA, 956f5dcdbd1be1e94049c9d4f433ce01570bde54, 22eb770d, 5af8709d",
        "INTEL_PCK_CA, d0e8aada75d7f92e4917983c7b1465d0d5f2594d, 13b2dcce, cd7c95bd",
        "INTEL_TCB_SIGNING, 7e3882d5fb55294a40498e458403e91491bdf455, '', ''"
    })
    void pinsExactlyIntelsCertificates(AnchorRole role, String serial, String sha256, String spki) {
        var found = Tdx.INTEL.of(role).stream()
                .map(TrustAnchors.Anchor::certificate)
                .filter(certificate -> certificate.serial().toString(16).equals(serial))
                .toList();
        assertEquals(role == AnchorRole.INTEL_TCB_SIGNING ? 2 : 1, found.size());
        assertTrue(found.getFirst().fingerprint().toString().startsWith(sha256));
        assertTrue(found.getFirst().subjectPublicKeyInfo().sha256().toString().startsWith(spki));
        assertEquals(5, Tdx.INTEL.all().size());
    }

    @Test
    void bothSignersOfIntelsHaveOneKeyAndTheRootVouchesForBoth() {
        var signers = read(Tdx.INTEL).signers();
        assertEquals(2, signers.size());
        assertEquals(
                signers.getFirst().certificate().subjectPublicKeyInfo(),
                signers.getLast().certificate().subjectPublicKeyInfo());
        // From then on there is always one that is valid.
        assertTrue(signers.getFirst()
                .certificate()
                .window()
                .notBefore()
                .isBefore(signers.getLast().certificate().window().notAfter()));
    }

    @Test
    void keepsALaboratoryBesideIntel() {
        var both = read(Tdx.INTEL.and(Lab.ANCHORS));
        assertEquals(2, both.roots().size());
        assertEquals(
                List.of(both.roots().getFirst()),
                both.pinned(Tdx.INTEL.of(AnchorRole.INTEL_ROOT).getFirst().certificate()).stream()
                        .toList());
    }

    /** Intel may issue the same key again: the certificate in a quote is a hint, and the pinned one counts. */
    @Test
    void aRootIsKnownByNameAndKeyAndNotByItsOtherBytes() {
        IntelAnchors anchors = read(Lab.ANCHORS);
        var again = Lab.certificate(Lab.INTEL.rootDraft().validUntil(Lab.NOW).serial(7));
        assertEquals(
                Lab.INTEL.root(),
                anchors.pinned(again).orElseThrow().certificate().der());
        assertTrue(anchors.pinned(Lab.certificate(Lab.FOREIGN.rootDraft())).isEmpty());
        assertTrue(anchors.pinned(Lab.certificate(Lab.INTEL.rootDraft().subject("Intel SGX Root")))
                .isEmpty());
        assertTrue(anchors.pinned(Lab.certificate(Lab.INTEL.tcbSignerDraft())).isEmpty());
    }

    @Test
    void refusesAnchorsThatAreNotWhatTheirRoleSays() {
        Bytes root = Lab.INTEL.root();
        var own = Lab.INTEL.tcbSignerDraft();
        for (String bad : List.of(
                ROOT + Pem.certificate(own.der()),
                ROOT + Pem.certificate(Lab.INTEL.pckDraft(Lab.CA).der()),
                ROOT
                        + Pem.certificate(
                                Lab.INTEL.rootDraft().without("2.5.29.19").der()),
                ROOT + Pem.certificate(amdRoot()),
                SIGNER + Pem.certificate(own.der()),
                ROOT + Pem.certificate(root) + SIGNER + Pem.certificate(root),
                ROOT
                        + Pem.certificate(root)
                        + SIGNER
                        + Pem.certificate(Lab.FOREIGN.tcbSignerDraft().der()),
                ROOT
                        + Pem.certificate(root)
                        + SIGNER
                        + Pem.certificate(Lab.INTEL.pckCaDraft(Lab.CA).der()),
                ROOT
                        + Pem.certificate(root)
                        + SIGNER
                        + Pem.certificate(Lab.INTEL
                                .tcbSignerDraft()
                                .subject("Intel SGX Signing")
                                .der()),
                ROOT
                        + Pem.certificate(root)
                        + SIGNER
                        + Pem.certificate(
                                Lab.INTEL.tcbSignerDraft().issuer("Somebody").der()),
                ROOT
                        + Pem.certificate(root)
                        + SIGNER
                        + Pem.certificate(Lab.INTEL
                                .tcbSignerDraft()
                                .replacing("2.5.29.19", IntelExtensions.authorityWithPathLength(0))
                                .der()))) {
            var anchors = laboratory(bad);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new TdxScheme(anchors, Tdx.FAST, SignatureFacts.forgetful()),
                    bad);
            assertThrows(
                    IllegalArgumentException.class, () -> new SgxScheme(anchors, Tdx.FAST, SignatureFacts.forgetful()));
        }
    }

    private static Bytes amdRoot() {
        return io.countersign.testkit.SoftwareAmds.anchors()
                .of(AnchorRole.AMD_ARK)
                .getFirst()
                .certificate()
                .der();
    }

    /** Without any root nothing is genuine, and nothing breaks. */
    @Test
    void withoutARootNothingIsGenuine() throws Exception {
        var scheme = new TdxScheme(TrustAnchors.none(), Tdx.FAST, SignatureFacts.forgetful());
        var found = scheme.authenticate(Lab.evidence(), Lab.at(Lab.NOW, Lab.gathered(), Lab.STRICT));
        assertTrue(Tdx.actual(found, TdxCheck.PCK_CHAIN).contains("not a root that is pinned here"));
    }
}
