package io.countersign.insecure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.testkit.SoftwareNvidias;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.pki.ChainReader;
import io.countersign.verifier.tee.nvgpu.pki.NvidiaRoots;
import io.countersign.verifier.trust.AnchorRole;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import java.io.ByteArrayInputStream;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HashSet;
import java.util.List;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.parsers.DocumentBuilderFactory;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.ocsp.BasicOCSPResponse;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.ocsp.OCSPRequest;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.ocsp.Request;
import org.bouncycastle.asn1.ocsp.SingleResponse;
import org.bouncycastle.asn1.ocsp.TBSRequest;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds the software NVIDIA to the layouts with eyes of its own, and to the chain reader of the core. */
class SoftwareNvidiaTest {
    private static final SoftwareNvidia NVIDIA = SoftwareNvidias.trusted();
    private static final Bytes NONCE = Bytes.utf8("nonce").sha256();
    private static final Signatures SIGNATURES = Signatures.by(new BouncyCastleProvider());
    private static final SoftwareGpu GPU = NVIDIA.h100("test");

    @ParameterizedTest
    @EnumSource(NvidiaArchitecture.class)
    void everyChainLeadsToTheDeviceRoot(NvidiaArchitecture architecture) throws Exception {
        assertInstanceOf(
                ChainReader.Reading.Signed.class,
                follow(NVIDIA.chip(architecture, "test").chain(), AnchorRole.NVIDIA_DEVICE_ROOT));
        var foreign = SoftwareNvidias.foreign().chip(architecture, "test").chain();
        assertInstanceOf(ChainReader.Reading.Broken.class, follow(foreign, AnchorRole.NVIDIA_DEVICE_ROOT));
    }

    @ParameterizedTest
    @EnumSource(NvidiaArchitecture.class)
    void everySignerOfRimsLeadsToTheRimRoot(NvidiaArchitecture architecture) throws Exception {
        var pki = NVIDIA.rims(architecture);
        for (var signer : List.of(pki.signerDraft(), pki.laterSignerDraft())) {
            var chain = new java.util.ArrayList<>(pki.authorities());
            chain.addFirst(signer.der());
            assertInstanceOf(ChainReader.Reading.Signed.class, follow(chain, AnchorRole.NVIDIA_RIM_ROOT));
        }
    }

    private static ChainReader.Reading follow(List<Bytes> chain, AnchorRole role) throws Exception {
        var certificates = new java.util.ArrayList<Certificate>();
        for (Bytes der : chain) {
            certificates.add(Certificate.parse(der));
        }
        return new ChainReader(
                        new NvidiaRoots(SoftwareNvidias.anchors(), role, SIGNATURES),
                        SIGNATURES,
                        SignatureFacts.forgetful())
                .follow(certificates, chain.size());
    }

    @Test
    void theLeafSignedRequestAndResponse() throws Exception {
        Bytes report = GPU.report(NONCE);
        assertTrue(signed(GPU.chip().leafKey(), report));
        assertFalse(signed(GPU.chip().leafKey(), GPU.report(NONCE, r -> r.patchAfterSigning(4, Bytes.zeros(1)))));
        assertFalse(signed(
                GPU.chip().leafKey(),
                GPU.report(NONCE, r -> r.signedBy(GPU.chip().bromKey()))));
        assertEquals(NONCE, report.slice(4, 36));
        assertEquals(37 + 8 + 64 * 55 + 32 + 2 + 434 + 96, report.length());
    }

    private static boolean signed(NvidiaKey key, Bytes report) throws Exception {
        var verifier = Signature.getInstance("SHA384withECDSAinP1363Format");
        verifier.initVerify(jdk(key));
        verifier.update(report.slice(0, report.length() - 96).toByteArray());
        return verifier.verify(
                report.slice(report.length() - 96, report.length()).toByteArray());
    }

    private static PublicKey jdk(NvidiaKey key) throws Exception {
        return KeyFactory.getInstance("EC")
                .generatePublic(new X509EncodedKeySpec(key.publicKey().getEncoded()));
    }

    @Test
    void rebootingChangesTheLeafAndKeepsTheChip() {
        var before = GPU.chip();
        var after = before.rebooted();
        assertEquals(before.pdi(), after.pdi());
        assertEquals(before.chain().get(1), after.chain().get(1));
        assertNotEquals(before.chain().get(0), after.chain().get(0));
        assertNotEquals(before.leafSerial(), after.leafSerial());
    }

    @Test
    void theJdkVerifiesTheSignatureOfEachRim() throws Exception {
        var pki = NVIDIA.rims(NvidiaArchitecture.HOPPER);
        assertTrue(verifies(SoftwareRim.driver(NVIDIA, NvidiaBoard.H100), pki.signerKey()));
        assertTrue(verifies(SoftwareRim.vbios(NVIDIA, NvidiaBoard.H100), pki.signerKey()));
        assertTrue(verifies(SoftwareRim.vbios(NVIDIA, NvidiaBoard.H100).reissued(pki), pki.laterSignerKey()));
        assertTrue(verifies(
                SoftwareRim.driver(NVIDIA, NvidiaBoard.B200),
                NVIDIA.rims(NvidiaArchitecture.BLACKWELL).signerKey()));
        var machine = NvidiaMachine.protectedPcie(NVIDIA, "test");
        assertTrue(verifies(
                SoftwareRim.switchBios(NVIDIA, machine.switches().getFirst()),
                NVIDIA.rims(NvidiaArchitecture.LS10).signerKey()));
        assertFalse(verifies(
                SoftwareRim.vbios(NVIDIA, NvidiaBoard.H100)
                        .document(xml -> xml.replace("revision=\"r1\"", "revision=\"r2\"")),
                pki.signerKey()));
        assertFalse(verifies(
                SoftwareRim.vbios(NVIDIA, NvidiaBoard.H100)
                        .signature(signature ->
                                signature.value(NvidiaKey::negatingS).digest(Bytes::reversed)),
                pki.signerKey()));
    }

    private static boolean verifies(SoftwareRim rim, NvidiaKey key) throws Exception {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        var document = factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(Bytes.utf8(rim.xml()).toByteArray()));
        var signatures = document.getElementsByTagNameNS(XMLSignature.XMLNS, "Signature");
        assertEquals(1, signatures.getLength());
        var context = new DOMValidateContext(jdk(key), signatures.item(0));
        return XMLSignatureFactory.getInstance("DOM")
                .unmarshalXMLSignature(context)
                .validate(context);
    }

    @Test
    void everyActiveRecordIsWhatTheGpuMeasures() {
        Bytes report = GPU.report(NONCE);
        String driver = SoftwareRim.driver(NVIDIA, NvidiaBoard.H100).payload();
        String vbios = SoftwareRim.vbios(NVIDIA, NvidiaBoard.H100).payload();
        int compared = 0;
        for (String records : List.of(driver, vbios)) {
            for (String line : records.lines().toList()) {
                if (line.contains("active=\"True\"")) {
                    int index = Integer.parseInt(line.replaceAll(".* index=\"(\\d+)\".*", "$1"));
                    int at = 45 + 55 * index + 7;
                    assertTrue(line.contains(report.slice(at, at + 48).toString()), line);
                    compared++;
                }
            }
        }
        assertEquals(33, compared);
    }

    @Test
    void gpusAndSwitchesOfAMachineNameEachOther() {
        var machine = NvidiaMachine.protectedPcie(NVIDIA, "test");
        var switches = new HashSet<Bytes>();
        machine.switches().forEach(each -> switches.add(each.chip().pdi()));
        assertEquals(4, switches.size());
        for (SoftwareGpu gpu : machine.gpus()) {
            assertEquals(18, gpu.switches().size());
            assertEquals(switches, new HashSet<>(gpu.switches()));
        }
        for (SoftwareSwitch each : machine.switches()) {
            assertEquals(machine.gpus().stream().map(gpu -> gpu.chip().pdi()).toList(), each.gpus());
            assertTrue(signed(each.chip().leafKey(), each.report(NONCE), 2172));
        }
        int linked = machine.switches().stream()
                .mapToInt(each -> (int) java.util.stream.IntStream.range(0, 64)
                        .filter(port -> each.ports().u8(port) != 0xFF)
                        .count())
                .sum();
        assertEquals(8 * 18, linked);
    }

    private static boolean signed(NvidiaKey key, Bytes report, int length) {
        try {
            assertEquals(length, report.length());
            return signed(key, report);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void answersAreSignedByADelegateOfTheIssuer() throws Exception {
        for (SoftwareOcsp answer : NVIDIA.answersAbout(GPU.chip())) {
            var basic = basic(answer.der());
            var verifier = Signature.getInstance("SHA384withECDSA");
            verifier.initVerify(jdk(answer.responder().key()));
            verifier.update(basic.getTbsResponseData().getEncoded("DER"));
            assertTrue(verifier.verify(basic.getSignature().getOctets()));
            assertEquals(0, single(basic).getCertStatus().getTagNo());
        }
        var revoked = NVIDIA.answersAbout(GPU.chip()).getFirst().revoked(6).der();
        assertEquals(1, single(basic(revoked)).getCertStatus().getTagNo());
    }

    private static BasicOCSPResponse basic(Bytes der) {
        return BasicOCSPResponse.getInstance(OCSPResponse.getInstance(der.toByteArray())
                .getResponseBytes()
                .getResponse()
                .getOctets());
    }

    private static SingleResponse single(BasicOCSPResponse basic) {
        return SingleResponse.getInstance(
                basic.getTbsResponseData().getResponses().getObjectAt(0));
    }

    @Test
    void theServicesAnswerWhatTheyAreAsked() throws Exception {
        var services = new NvidiaServices(NVIDIA).knows(GPU);
        assertTrue(services.rim("NV_GPU_DRIVER_GH100_580.82.07").orElseThrow().contains("\"rim\":\""));
        assertTrue(services.rim("NV_GPU_VBIOS_G520_0200_885_9600CF0002").isPresent());
        assertTrue(services.rim("NV_GPU_DRIVER_GH100_1.0").isEmpty());
        var certId = CertID.getInstance(
                NVIDIA.answersAbout(GPU.chip()).get(1).subject().encoded(SoftwareOcsp.Hash.SHA384));
        var request = new OCSPRequest(
                new TBSRequest(
                        null, new DERSequence(new Request(certId, null)), (org.bouncycastle.asn1.x509.Extensions) null),
                null);
        var answered = basic(services.ocsp(Bytes.copyOf(request.getEncoded("DER"))));
        assertEquals(certId.getSerialNumber(), single(answered).getCertID().getSerialNumber());
        var refused =
                OCSPResponse.getInstance(services.ocsp(Bytes.utf8("no request")).toByteArray());
        assertEquals(1, refused.getResponseStatus().getIntValue());
    }
}
