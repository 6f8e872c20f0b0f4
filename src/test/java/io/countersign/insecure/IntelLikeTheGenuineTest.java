package io.countersign.insecure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.testkit.SoftwareIntels;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.CertificateList;
import org.bouncycastle.asn1.x509.Extension;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Compares what the software Intel makes with captures of what Intel made, except for keys, signatures and the machine. */
class IntelLikeTheGenuineTest {
    private static final SoftwareIntel INTEL = SoftwareIntels.trusted();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----");
    private static final Set<ASN1ObjectIdentifier> KEY_IDENTIFIERS =
            Set.of(Extension.subjectKeyIdentifier, Extension.authorityKeyIdentifier);

    @Test
    void rootAndPlatformAuthorityDifferInKeysOnly() throws IOException {
        var chain = chainIn(genuine("quotes/tdx-v4-phala.bin"));
        assertEquals(
                outline(chain.get(1)), outline(INTEL.pckCaDraft(PckCa.PLATFORM).der()));
        assertEquals(outline(chain.get(2)), outline(INTEL.root()));
    }

    @Test
    void theProcessorAuthorityDiffersInKeysOnly() throws IOException {
        var chain = chainIn(genuine("quotes/sgx-v3-phala.bin"));
        assertEquals(
                outline(chain.get(1)), outline(INTEL.pckCaDraft(PckCa.PROCESSOR).der()));
    }

    @Test
    void theSignerOfTcbInfoDiffersInKeysOnly() throws IOException {
        var chain = chainIn(genuine("roots/intel-tcb-signing-2025.pem"));
        assertEquals(outline(chain.getFirst()), outline(INTEL.tcbSignerDraft().der()));
    }

    @Test
    void leavesDifferInKeySerialWindowAndMachineOnly() throws IOException {
        assertEquals(
                leafOutline(chainIn(genuine("quotes/tdx-v4-phala.bin")).getFirst()),
                leafOutline(INTEL.pckDraft(PckCa.PLATFORM).der()));
        assertEquals(
                leafOutline(chainIn(genuine("quotes/sgx-v3-phala.bin")).getFirst()),
                leafOutline(INTEL.pckDraft(PckCa.PROCESSOR).der()));
    }

    @Test
    void revocationListsDifferInKeysSerialsAndTimesOnly() throws IOException {
        String folder = "collateral/tdx-b0c06f000000-2026-08/";
        assertEquals(
                outlineOfList(genuine(folder + "root_ca_crl.der")),
                outlineOfList(INTEL.rootCrlDraft().der()));
        assertEquals(
                outlineOfList(genuine(folder + "pck_crl.der")),
                outlineOfList(INTEL.pckCrlDraft(PckCa.PLATFORM).der()));
    }

    @Test
    void statementsHaveTheMembersOfGenuineOnesInTheirOrder() throws IOException {
        sameMembers("collateral/tdx-b0c06f000000-2026-08/tcb_info.json", INTEL.tcbInfo(TeeType.TDX));
        sameMembers("collateral/sgx-00906ed50000-2025-05-tcbinfo-v2/tcb_info.json", INTEL.tcbInfoVersion2());
        sameMembers("collateral/tdx-b0c06f000000-2026-08/qe_identity.json", INTEL.qeIdentity(TeeType.TDX));
        sameMembers("collateral/sgx-00a067110000-2025-06/qe_identity.json", INTEL.qeIdentity(TeeType.SGX));
    }

    @Test
    void quotesAreLaidOutAsGenuineOnes() throws IOException {
        assertEquals(
                quoteOutline(genuine("quotes/tdx-v4-edgeless.bin"), 584),
                quoteOutline(INTEL.quote(QuoteForm.TDX_V4, PckCa.PLATFORM, q -> q), 584));
        assertEquals(
                quoteOutline(genuine("quotes/sgx-v3-phala.bin"), 384),
                quoteOutline(INTEL.quote(QuoteForm.SGX_V3, PckCa.PROCESSOR, q -> q), 384));
        assertEquals(
                quoteOutline(genuine("quotes/tdx-v5-go.bin"), 654),
                quoteOutline(INTEL.quote(QuoteForm.TDX_15_V5, PckCa.PLATFORM, q -> q), 654));
    }

    private static void sameMembers(String genuine, SoftwareStatement ours) throws IOException {
        String theirs = genuine(genuine).toUtf8();
        assertEquals(members(JSON.readTree(theirs)), members(JSON.readTree(ours.json())));
        assertFalse(ours.json().replaceAll("\"[^\"]*\"", "").contains(" "), "it is compact");
    }

    /** Every path to a value, arrays by their first element; advisories and labels come and go. */
    private static Set<String> members(JsonNode tree) {
        var paths = new TreeSet<String>();
        collect("", tree, paths);
        paths.removeIf(path -> path.contains("advisoryIDs"));
        return paths;
    }

    private static void collect(String path, JsonNode node, Set<String> into) {
        if (node.isObject()) {
            into.add(path + " "
                    + new ArrayList<>(node.properties().stream()
                            .map(e -> e.getKey())
                            .filter(n -> !n.equals("advisoryIDs"))
                            .toList()));
            node.properties().forEach(member -> collect(path + "/" + member.getKey(), member.getValue(), into));
        } else if (node.isArray()) {
            node.forEach(element -> collect(path + "[]", element, into));
        } else {
            into.add(path + " " + node.getNodeType());
        }
    }

    /** Header and section of a quote without what names a machine or is signed. */
    private static List<String> quoteOutline(Bytes quote, int bodyLength) {
        int version = quote.u8(0);
        int sectionAt = 48 + bodyLength + 4;
        long sectionLength = u32(quote, sectionAt - 4);
        Bytes section = quote.slice(sectionAt, sectionAt + (int) sectionLength);
        Bytes inner = version == 3 ? section.slice(128, section.length()) : section.slice(134, section.length());
        int auth = inner.u8(448) | inner.u8(449) << 8;
        Bytes certification = inner.slice(450 + auth, inner.length());
        Bytes qe = inner.slice(0, 384);
        var outline = new ArrayList<String>();
        outline.add("header " + quote.slice(0, 8) + quote.slice(12, 28));
        outline.add("user data ends " + quote.slice(44, 48));
        outline.add(version == 3 ? "no container" : "container " + section.slice(128, 130));
        outline.add("container is the rest " + (version == 3 || u32(section, 130) == inner.length()));
        outline.add("authentication data " + inner.slice(450, 450 + auth));
        outline.add("certification " + certification.slice(0, 2));
        outline.add("certification is the rest " + (u32(certification, 2) == certification.length() - 6));
        outline.add("ends with " + certification.slice(certification.length() - 2, certification.length()));
        outline.add("QE attributes " + qe.slice(48, 64) + " misc " + qe.slice(16, 20));
        outline.add("QE signer " + qe.slice(128, 160) + " product " + qe.slice(256, 258));
        outline.add("QE report data ends " + qe.slice(352, 384));
        return outline;
    }

    private static long u32(Bytes bytes, int at) {
        return bytes.u8(at) | bytes.u8(at + 1) << 8 | bytes.u8(at + 2) << 16 | (long) bytes.u8(at + 3) << 24;
    }

    private static Bytes genuine(String name) throws IOException {
        Path file = Path.of(System.getProperty("countersign.evidence", "../shared/evidence"), "intel-tdx", name);
        Assumptions.assumeTrue(Files.exists(file), "the genuine capture " + file + " is not on this machine");
        return Bytes.copyOf(Files.readAllBytes(file));
    }

    private static List<Bytes> chainIn(Bytes quote) {
        var text = new String(quote.toByteArray(), StandardCharsets.ISO_8859_1);
        return BLOCK.matcher(text)
                .results()
                .map(block -> Bytes.copyOf(Base64.getMimeDecoder().decode(block.group(1))))
                .toList();
    }

    /** Every part of a certificate in DER hex, but for the key, the signature and what names a key. */
    private static List<String> outline(Bytes der) throws IOException {
        var tbs = Certificate.getInstance(der.toByteArray()).getTBSCertificate();
        var outline = new ArrayList<>(leafOutline(der));
        outline.add("serial " + tbs.getSerialNumber());
        outline.add(hex(tbs.getValidity()));
        return outline;
    }

    private static List<String> leafOutline(Bytes der) throws IOException {
        var certificate = Certificate.getInstance(der.toByteArray());
        var tbs = certificate.getTBSCertificate();
        var outline = new ArrayList<String>();
        outline.add(hex(certificate.getSignatureAlgorithm()));
        outline.add(hex(tbs.getIssuer()));
        outline.add(hex(tbs.getSubject()));
        outline.add(hex(tbs.getSubjectPublicKeyInfo().getAlgorithm()));
        for (ASN1ObjectIdentifier oid : tbs.getExtensions().getExtensionOIDs()) {
            var extension = tbs.getExtensions().getExtension(oid);
            byte[] value = extension.getExtnValue().getOctets();
            String shown = Bytes.copyOf(value).toString();
            if (KEY_IDENTIFIERS.contains(oid)) {
                shown = "of " + value.length;
            } else if (oid.getId().equals(IntelNames.SGX_EXTENSION)) {
                shown = shape(ASN1Primitive.fromByteArray(value));
            }
            outline.add("%s %s %s".formatted(oid, extension.isCritical() ? "critical" : "not critical", shown));
        }
        return outline;
    }

    /** Object identifiers and types in their order, without values. */
    private static String shape(ASN1Encodable value) {
        if (value.toASN1Primitive() instanceof ASN1Sequence sequence) {
            var parts = new StringBuilder("(");
            for (ASN1Encodable part : sequence) {
                parts.append(shape(part)).append(' ');
            }
            return parts.append(')').toString();
        }
        return value instanceof ASN1ObjectIdentifier oid
                ? oid.getId()
                : value.toASN1Primitive().getClass().getSimpleName();
    }

    private static List<String> outlineOfList(Bytes der) throws IOException {
        var list = CertificateList.getInstance(der.toByteArray());
        var tbs = list.getTBSCertList();
        var outline = new ArrayList<String>();
        outline.add(hex(list.getSignatureAlgorithm()) + " " + tbs.getVersion());
        outline.add(hex(list.getIssuer()));
        outline.add("next " + (tbs.getNextUpdate() != null));
        var entries = tbs.getRevokedCertificates();
        if (entries.length > 0) {
            outline.add("entry extensions " + hex(entries[0].getExtensions()));
        }
        for (ASN1ObjectIdentifier oid : tbs.getExtensions().getExtensionOIDs()) {
            var extension = tbs.getExtensions().getExtension(oid);
            byte[] value = extension.getExtnValue().getOctets();
            outline.add("%s %s %s"
                    .formatted(
                            oid,
                            extension.isCritical(),
                            KEY_IDENTIFIERS.contains(oid)
                                    ? "of " + value.length
                                    : Bytes.copyOf(value).toString()));
        }
        return outline;
    }

    private static String hex(ASN1Encodable value) throws IOException {
        return Bytes.copyOf(value.toASN1Primitive().getEncoded("DER")).toString();
    }
}
