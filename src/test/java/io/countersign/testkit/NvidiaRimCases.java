package io.countersign.testkit;

import io.countersign.insecure.NvidiaArchitecture;
import io.countersign.insecure.NvidiaBoard;
import io.countersign.insecure.NvidiaKey;
import io.countersign.insecure.NvidiaRimPki;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.insecure.SoftwareRim;
import io.countersign.verifier.bytes.Bytes;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/** Reference values that are not NVIDIA's, not for this device, or not what they should be. */
final class NvidiaRimCases {
    private static final SoftwareNvidia NVIDIA = SoftwareNvidias.trusted();
    private static final NvidiaRimPki PKI = NVIDIA.rims(NvidiaArchitecture.HOPPER);
    private static final String ID = NvidiaBoard.H100.driverRimId();
    private static final NvidiaKey STRANGER = SoftwareNvidias.key("stranger");
    private static final String ZEROS = "00".repeat(48);

    private NvidiaRimCases() {}

    static List<NvidiaCase> all() {
        var foreign =
                SoftwareRim.driver(SoftwareNvidias.foreign(), NvidiaBoard.H100).xml();
        return List.of(
                driver(
                        "rim-altered",
                        "A golden value was altered after signing",
                        rim -> rim.document(xml -> xml.replaceFirst("Hash0=\"[1-9a-f][0-9a-f]{3}", "Hash0=\"ffff"))),
                driver(
                        "rim-by-the-level-3-authority",
                        "Level 3 signed under the signer's certificate",
                        rim -> rim.signedBy(PKI.levelThreeKey())),
                driver("rim-by-the-signer-of-switches", "The signer of switches' values signed", rim -> rim.chain(
                                List.of(
                                        NVIDIA.rims(NvidiaArchitecture.LS10)
                                                .signerDraft()
                                                .der(),
                                        NVIDIA.rims(NvidiaArchitecture.LS10)
                                                .authorities()
                                                .get(0),
                                        NVIDIA.rims(NvidiaArchitecture.LS10)
                                                .authorities()
                                                .get(1),
                                        NVIDIA.rimRoot()))
                        .signedBy(NVIDIA.rims(NvidiaArchitecture.LS10).signerKey())),
                named("rim-by-a-foreign-nvidia", "A whole NVIDIA of one's own signed", foreign),
                named(
                        "rim-of-another-driver",
                        "The RIM of another driver under this one's id",
                        SoftwareRim.driver(NVIDIA, NvidiaBoard.H100.withDriver("570.172.08"))
                                .xml()),
                named(
                        "vbios-rim-as-driver-rim",
                        "The VBIOS' RIM in place of the driver's",
                        SoftwareRim.vbios(NVIDIA, NvidiaBoard.H100).xml()),
                driver("rim-for-switches", "The RIM's edition is SWITCH", rim -> rim.meta("edition", "SWITCH")),
                driver("rim-for-another-product", "The RIM's product is GB100", rim -> rim.meta("product", "GB100")),
                driver(
                        "rim-signer-expired",
                        "The signer's certificate ended a second ago",
                        rim -> rim.signer(PKI.signerDraft().validUntil(SoftwareAmds.AS_OF.minusSeconds(1)))),
                driver(
                        "rim-with-a-key-value",
                        "A bare key stands before the certificates, and it is the one that signed",
                        rim -> rim.signedBy(STRANGER)
                                .signature(signature -> signature.keyInfo(info -> keyValue() + info))),
                driver(
                        "rim-signature-nested",
                        "The signature stands in an element of its own",
                        rim -> rim.document(xml -> xml.replace("<ds:Signature ", "<ns0:Evidence><ds:Signature ")
                                .replace("</ds:Signature>", "</ds:Signature></ns0:Evidence>"))),
                driver(
                        "rim-with-two-chains",
                        "Two X509Data stand in the signature",
                        rim -> rim.signature(signature -> signature.keyInfo(info -> info + info))),
                driver(
                        "rim-digest-sha1",
                        "The document's digest is SHA-1",
                        rim -> rim.signature(
                                signature -> signature.digest("http://www.w3.org/2000/09/xmldsig#sha1", "SHA-1"))),
                driver(
                        "rim-signed-by-hmac",
                        "The signature method is HMAC",
                        rim -> rim.signature(
                                signature -> signature.method("http://www.w3.org/2001/04/xmldsig-more#hmac-sha384"))),
                driver(
                        "rim-with-two-signatures",
                        "The signature stands there twice",
                        rim -> rim.document(xml -> {
                            int begin = xml.indexOf("<ds:Signature ");
                            int end = xml.indexOf("</ds:Signature>") + "</ds:Signature>".length();
                            return xml.substring(0, end) + xml.substring(begin, end) + xml.substring(end);
                        })),
                driver(
                        "rim-with-two-metas",
                        "Two Meta elements are signed, of which one is for another driver",
                        rim -> rim.text(NvidiaRimCases::withSecondMeta)),
                driver(
                        "rim-record-64",
                        "A record counts for a register that no device has",
                        rim -> rim.record(
                                50, record -> record.index("64").active("True").hashes(List.of("5a".repeat(48))))),
                driver(
                        "rim-canonicalized-by-1.0",
                        "Canonical XML 1.0 is named",
                        rim -> rim.signature(signature ->
                                signature.canonicalization("http://www.w3.org/TR/2001/REC-xml-c14n-20010315"))),
                driver(
                        "rim-signature-zero",
                        "r and s are zero",
                        rim -> rim.signature(signature -> signature.value(raw -> Bytes.zeros(96)))),
                driver(
                        "rim-refers-to-a-part",
                        "The reference names a part of the document",
                        rim -> rim.signature(signature ->
                                signature.signedInfo(info -> info.replace("URI=\"\"", "URI=\"#payload\"")))),
                driver(
                        "rim-without-signature",
                        "There is no signature",
                        rim -> rim.document(xml -> xml.replaceAll("(?s)<ds:Signature .*</ds:Signature>", ""))),
                driver(
                        "rim-with-a-dtd",
                        "A document type stands before the document",
                        rim -> rim.document(xml -> "<!DOCTYPE SoftwareIdentity [<!ENTITY a \"b\">]>" + xml)),
                driver(
                        "rim-cut-off",
                        "The document ends in the middle",
                        rim -> rim.document(xml -> xml.substring(0, xml.length() / 2))),
                driver(
                        "rim-with-two-payloads",
                        "Two payloads are signed",
                        rim -> rim.text(xml -> xml.replace("    <ns0:Payload", rim.payload() + "    <ns0:Payload"))),
                driver(
                        "rim-active-in-lower-case",
                        "A record's active is true in lower case",
                        rim -> rim.record(25, record -> record.active("true"))),
                driver(
                        "rim-record-twice",
                        "Index 25 stands there twice",
                        rim -> rim.records(records -> records.add(records.get(25)))),
                driver(
                        "rim-alternatives-more-than-hashes",
                        "A record counts more alternatives than it has",
                        rim -> rim.record(25, record -> record.alternatives("2"))),
                driver(
                        "rim-hash-of-32-bytes",
                        "A hash has 32 bytes",
                        rim -> rim.record(25, record -> record.hashes(
                                        List.of(record.hashes().getFirst().substring(32)))
                                .size("32"))),
                new NvidiaCase("rims-absent-offline", "Nobody has the RIMs, and the service may not fetch them")
                        .withoutRims()
                        .genuine()
                        .also("gpu.driver-rim", "undetermined")
                        .also("gpu.vbios-rim", "undetermined")
                        .open("gpu.measurements", "gpu.revocation"),
                new NvidiaCase("rims-conflict", "Driver and VBIOS both have a golden value for register 25")
                        .rim(SoftwareRim.vbios(NVIDIA, NvidiaBoard.H100)
                                .record(25, record -> record.active("True").hashes(List.of("5a".repeat(48)))))
                        .appraisedBadly("gpu.measurements"),
                new NvidiaCase("rims-empty", "No record of either RIM counts")
                        .rim(emptied(SoftwareRim.driver(NVIDIA, NvidiaBoard.H100)))
                        .rim(emptied(SoftwareRim.vbios(NVIDIA, NvidiaBoard.H100)))
                        .appraisedBadly("gpu.driver-rim")
                        .also("gpu.vbios-rim", "failed")
                        .also("gpu.measurements", "not-reached"),
                new NvidiaCase(
                                "rim-wants-an-unused-register",
                                "The RIM has a golden value for a register that is not used")
                        .rim(SoftwareRim.driver(NVIDIA, NvidiaBoard.H100)
                                .record(50, record -> record.active("True").hashes(List.of("5a".repeat(48)))))
                        .appraisedBadly("gpu.measurements"),
                new NvidiaCase("vbios-rim-of-another-board", "The VBIOS' RIM is that of another version")
                        .rim(
                                NvidiaBoard.H100.vbiosRimId(),
                                SoftwareRim.vbios(NVIDIA, NvidiaBoard.H100.withVbios("96.00.D0.00.03"))
                                        .xml())
                        .appraisedBadly("gpu.vbios-rim")
                        .open("gpu.revocation"));
    }

    /** W3C XML Signature 1.1, section 4.5.2.3. */
    private static String keyValue() {
        Bytes point = Bytes.concat(Bytes.fromHex("04"), STRANGER.point());
        return ("<ds:KeyValue><ECKeyValue xmlns=\"http://www.w3.org/2009/xmldsig11#\">"
                        + "<NamedCurve URI=\"urn:oid:1.3.132.0.34\"/><PublicKey>%s</PublicKey></ECKeyValue></ds:KeyValue>")
                .formatted(Base64.getEncoder().encodeToString(point.toByteArray()));
    }

    private static String withSecondMeta(String xml) {
        int begin = xml.indexOf("    <ns0:Meta ");
        int end = xml.indexOf("    <ns0:Payload");
        String meta = xml.substring(begin, end).replace(NvidiaBoard.H100.driver(), "999.99");
        return xml.substring(0, end) + meta + xml.substring(end);
    }

    private static SoftwareRim emptied(SoftwareRim rim) {
        return rim.records(
                records -> records.replaceAll(record -> record.active("False").hashes(List.of(ZEROS))));
    }

    private static NvidiaCase driver(String name, String what, UnaryOperator<SoftwareRim> how) {
        return named(
                name,
                what,
                how.apply(SoftwareRim.driver(NVIDIA, NvidiaBoard.H100)).xml());
    }

    private static NvidiaCase named(String name, String what, String xml) {
        return new NvidiaCase(name, what)
                .rim(ID, xml)
                .appraisedBadly("gpu.driver-rim")
                .open("gpu.revocation");
    }
}
