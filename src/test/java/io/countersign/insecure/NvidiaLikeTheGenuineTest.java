package io.countersign.insecure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.testkit.SoftwareAmds;
import io.countersign.testkit.SoftwareNvidias;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.Extension;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Compares what the software NVIDIA makes with captures of what NVIDIA made, except for keys, signatures and identities. */
class NvidiaLikeTheGenuineTest {
    private static final SoftwareNvidia NVIDIA = SoftwareNvidias.trusted();
    private static final Bytes NONCE = Bytes.utf8("nonce").sha256();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PEM_BLOCK =
            Pattern.compile("-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----");
    private static final Pattern XML_BLOCK = Pattern.compile("<ds:X509Certificate>([^<]+)</ds:X509Certificate>");
    private static final Pattern RESOURCE = Pattern.compile("<ns0:Resource [^>]*>");
    private static final Set<String> PER_DEVICE = Set.of(
            Extension.subjectKeyIdentifier.getId(),
            Extension.authorityKeyIdentifier.getId(),
            Extension.subjectAlternativeName.getId(),
            NvidiaNames.COMPOSITE_DEVICE_ID,
            NvidiaNames.DICE_TCB_INFO);

    @Test
    void theChainOfAHopperDiffersInKeysAndIdentitiesOnly() throws IOException {
        assertChain("hopper-580.159.03.chain.pem", NVIDIA.h100("like").chip());
    }

    @Test
    void theChainOfABlackwellDiffersInKeysAndIdentitiesOnly() throws IOException {
        assertChain("blackwell-575.32.chain.pem", NVIDIA.b200("like").chip());
    }

    @Test
    void theChainOfASwitchDiffersInKeysAndIdentitiesOnly() throws IOException {
        assertChain("switch-ls10-96.10.55.chain.pem", NVIDIA.chip(NvidiaArchitecture.LS10, "like"));
    }

    private static void assertChain(String file, NvidiaChip chip) throws IOException {
        assertEquals(
                outlines(certificates(PEM_BLOCK, genuine(file))),
                outlines(chip.chain().stream().toList()));
    }

    @Test
    void theChainOfADriverRimDiffersInKeysAndNumbersOnly() throws IOException {
        var theirs = outlines(certificates(
                XML_BLOCK, genuine("NV_GPU_DRIVER_GH100_550.144.03.xml").replace("\n", "")));
        var ours = outlines(certificates(
                XML_BLOCK, SoftwareRim.driver(NVIDIA, NvidiaBoard.H100).xml()));
        // NVIDIA has two authorities of this level: 001 and 002.
        assertEquals(theirs.replace("L3 GH100 002", "L3 GH100 001"), ours);
    }

    @Test
    void theReportOfAHopperHasTheSameLayout() throws IOException {
        var hex = JSON.readTree(genuine("ppcie_gpu_evidence.json")).get(0).get("evidence");
        var machine = NvidiaMachine.protectedPcie(NVIDIA, "like");
        assertEquals(
                layout(Bytes.copyOf(Base64.getDecoder().decode(hex.textValue()))),
                // Driver versions differ in length.
                layout(machine.gpus()
                        .getFirst()
                        .with(NvidiaBoard.H100.withDriver("590.12"))
                        .report(NONCE)));
    }

    @Test
    void theReportOfASwitchHasTheSameLayout() throws IOException {
        var text = JSON.readTree(genuine("ppcie_switch_evidence.json")).get(0).get("evidence");
        var machine = NvidiaMachine.protectedPcie(NVIDIA, "like");
        assertEquals(
                layout(Bytes.copyOf(Base64.getDecoder().decode(text.textValue()))),
                layout(machine.switches().getFirst().report(NONCE)));
    }

    @Test
    void rimsHaveTheSameOutline() throws IOException {
        String theirs = genuine("NV_GPU_DRIVER_GH100_550.144.03.xml");
        String ours = SoftwareRim.driver(NVIDIA, NvidiaBoard.H100.withDriver("550.144.03"))
                .xml();
        assertEquals(indexes(theirs), indexes(ours));
        String theirVbios = genuine("1010_0200_882_96005E0001_PROD.swidtag");
        String ourVbios = SoftwareRim.vbios(NVIDIA, NvidiaBoard.H100).xml();
        assertEquals(indexes(theirVbios), indexes(ourVbios));
        assertEquals(frame(theirs), frame(ours));
    }

    /** Index, whether it counts, and how many alternatives, of each record. */
    private static List<String> indexes(String xml) {
        return RESOURCE.matcher(xml)
                .results()
                .map(found -> found.group().replaceAll("[0-9a-f]{96}", "…").replaceAll("name=\"\\w+\"", "name=\"…\""))
                .toList();
    }

    /** All but the records, digests, signatures and certificates. */
    private static String frame(String xml) {
        return RESOURCE.matcher(xml)
                .replaceAll("")
                .replaceAll("tagId=\"[0-9a-f]{96}\"", "tagId")
                .replaceAll("<ds:(DigestValue|SignatureValue|X509Certificate)>[^<]+<", "<ds:$1><")
                .strip();
    }

    /** Length, block count, and identifiers with sizes of all opaque entries in their order. */
    private static Map<String, Object> layout(Bytes report) {
        var layout = new LinkedHashMap<String, Object>();
        layout.put("length", report.length());
        layout.put("head", report.slice(0, 4) + " " + report.slice(36, 45));
        int records = u16(report, 42);
        for (int at = 45; at < 45 + records; at += 55) {
            layout.put("block " + report.u8(at), report.slice(at + 1, at + 7));
        }
        int at = 45 + records + 32;
        int end = at + 2 + u16(report, at);
        at += 2;
        while (at < end) {
            layout.put("entry " + u16(report, at), u16(report, at + 2));
            at += 4 + u16(report, at + 2);
        }
        assertEquals(report.length() - 96, at);
        layout.put("order", String.join(",", layout.keySet()));
        return layout;
    }

    private static int u16(Bytes from, int at) {
        return from.u8(at) | from.u8(at + 1) << 8;
    }

    private static List<Bytes> certificates(Pattern block, String text) {
        return block.matcher(text)
                .results()
                .map(found -> Bytes.copyOf(Base64.getMimeDecoder().decode(found.group(1))))
                .toList();
    }

    private static String outlines(List<Bytes> chain) throws IOException {
        var outlines = new ArrayList<String>();
        for (Bytes der : chain) {
            outlines.add(outline(der));
        }
        return String.join("\n\n", outlines);
    }

    /** Names, times, extensions; of what differs from device to device the length alone. */
    private static String outline(Bytes der) throws IOException {
        var certificate = Certificate.getInstance(der.toByteArray());
        var tbs = certificate.getTBSCertificate();
        var lines = new ArrayList<String>();
        lines.add(hex(certificate.getSignatureAlgorithm()) + hex(tbs.getSignature()) + tbs.getVersion());
        lines.add("serial of " + (tbs.getSerialNumber().getValue().bitLength() + 8) / 8 / 4 * 4);
        lines.add(name(tbs.getIssuer()));
        lines.add(name(tbs.getSubject()));
        lines.add(hex(tbs.getStartDate()) + hex(tbs.getEndDate()));
        lines.add(hex(tbs.getSubjectPublicKeyInfo().getAlgorithm()));
        for (ASN1ObjectIdentifier oid : tbs.getExtensions().getExtensionOIDs()) {
            var extension = tbs.getExtensions().getExtension(oid);
            byte[] value = extension.getExtnValue().getOctets();
            String shown = PER_DEVICE.contains(oid.getId())
                    ? "of " + value.length
                    : Bytes.copyOf(value).toString();
            lines.add("%s %s %s".formatted(oid, extension.isCritical() ? "critical" : "not critical", shown));
        }
        return String.join("\n", lines);
    }

    private static String name(X500Name name) {
        var parts = new ArrayList<String>();
        for (RDN rdn : name.getRDNs()) {
            var value = rdn.getFirst().getValue();
            parts.add("%s %s %s"
                    .formatted(
                            rdn.getFirst().getType(),
                            value.getClass().getSimpleName(),
                            value.toString().replaceAll("[0-9A-F]{16}|[0-9A-F]{38}$", "…")));
        }
        return parts.toString().replaceAll("(41|50|\\b[0-9A-F]{2}|…[0-9A-F]{2,8})?…+[0-9A-F]*", "…");
    }

    private static String hex(ASN1Encodable value) throws IOException {
        return Bytes.copyOf(value.toASN1Primitive().getEncoded("DER")).toString();
    }

    private static String genuine(String file) throws IOException {
        Path path = Path.of(System.getProperty("countersign.evidence", "../shared/evidence"), "nvidia-gpu", file);
        Assumptions.assumeTrue(Files.exists(path), "the genuine captures are not at hand: " + path);
        return Files.readString(path);
    }

    @Test
    void everythingIsTheSameEveryTime() {
        var again = new SoftwareNvidia(name -> SoftwareNvidias.key("nvidia-" + name), SoftwareAmds.AS_OF);
        assertEquals(
                SoftwareRim.vbios(NVIDIA, NvidiaBoard.H100).xml(),
                SoftwareRim.vbios(again, NvidiaBoard.H100).xml());
        assertEquals(NVIDIA.h100("a").report(NONCE), again.h100("a").report(NONCE));
        assertEquals(NVIDIA.h100("a").chip().chainPem(), again.h100("a").chip().chainPem());
        assertEquals(
                NVIDIA.answersAbout(NVIDIA.h100("a").chip()).getFirst().der(),
                again.answersAbout(again.h100("a").chip()).getFirst().der());
    }
}
