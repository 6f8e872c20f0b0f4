package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Signed reference values being made, as NVIDIA's service gives them out: a SWID tag with an enveloped signature. TCG Reference
 * Integrity Manifest Information Model 1.01; W3C XML Signature 1.1.
 */
public final class SoftwareRim {
    private static final String END = "</SoftwareIdentity>";
    private static final String SWID = "http://standards.iso.org/iso/19770/-2/2015/schema.xsd";
    private static final String TCG =
            "https://trustedcomputinggroup.org/resource/tcg-reference-integrity-manifest-rim-information-model/";

    private final String id;
    private final List<NvidiaRimRecord> records = new ArrayList<>();
    private final Map<String, String> meta = new LinkedHashMap<>();
    private final NvidiaXmlSignature signature = new NvidiaXmlSignature();
    private String name;
    private NvidiaKey signer;
    private List<Bytes> chain;
    private UnaryOperator<String> beforeSigning = UnaryOperator.identity();
    private UnaryOperator<String> afterSigning = UnaryOperator.identity();

    private SoftwareRim(NvidiaRimPki pki, String id, String version, Map<Integer, List<Bytes>> golden) {
        this.id = id;
        this.name = pki.architecture().product();
        this.signer = pki.signerKey();
        this.chain = Stream.concat(Stream.of(pki.signerDraft().der()), pki.authorities().stream())
                .toList();
        for (int i = 0; i < NvidiaGolden.REGISTERS; i++) {
            records.add(golden.containsKey(i) ? NvidiaRimRecord.active(i, golden.get(i)) : NvidiaRimRecord.unused(i));
        }
        meta.put("colloquialVersion", version);
        meta.put("edition", pki.architecture().isSwitch() ? "SWITCH" : "GPU");
        meta.put("product", name);
        meta.put("revision", "r1");
        meta.put("PayloadType", "direct");
        meta.put("ns1:BindingSpec", "RIMIM");
        meta.put("ns1:BindingSpecVersion", "1.01");
        meta.put("ns1:PlatformManufacturerId", "5703");
        meta.put("ns1:PlatformManufacturerStr", "NVIDIA Corporation");
        meta.put("ns1:PlatformModel", name);
        meta.put("ns1:FirmwareManufacturer", "NVIDIA Corporation");
        meta.put("ns1:FirmwareManufacturerId", "5703");
    }

    /** The values of a board's driver. */
    public static SoftwareRim driver(SoftwareNvidia nvidia, NvidiaBoard board) {
        return new SoftwareRim(
                nvidia.rims(board.architecture()),
                board.driverRimId(),
                board.driver(),
                NvidiaGolden.driver(board.driverRimId()));
    }

    /** The values of a board's VBIOS. */
    public static SoftwareRim vbios(SoftwareNvidia nvidia, NvidiaBoard board) {
        return new SoftwareRim(
                nvidia.rims(board.architecture()),
                board.vbiosRimId(),
                board.vbios(),
                NvidiaGolden.vbios(board.vbiosRimId()));
    }

    /** The values of a switch's BIOS. */
    public static SoftwareRim switchBios(SoftwareNvidia nvidia, SoftwareSwitch device) {
        return new SoftwareRim(
                nvidia.rims(NvidiaArchitecture.LS10),
                device.biosRimId(),
                device.bios(),
                NvidiaGolden.switchBios(device.biosRimId()));
    }

    /** What the service calls it. */
    public String id() {
        return id;
    }

    /** An attribute of Meta: {@code colloquialVersion}, {@code edition}, {@code product}; empty takes it away. */
    public SoftwareRim meta(String attribute, String value) {
        if (value.isEmpty()) {
            meta.remove(attribute);
        } else {
            meta.put(attribute, value);
        }
        return this;
    }

    /** The name of the whole tag, a product. */
    public SoftwareRim name(String other) {
        name = other;
        return this;
    }

    public SoftwareRim record(int index, UnaryOperator<NvidiaRimRecord> change) {
        records.replaceAll(each -> each.index().equals(Integer.toString(index)) ? change.apply(each) : each);
        return this;
    }

    /** The records to add to, take from and change. */
    public SoftwareRim records(Consumer<List<NvidiaRimRecord>> change) {
        change.accept(records);
        return this;
    }

    /** Signs with this key, whatever the certificates say. */
    public SoftwareRim signedBy(NvidiaKey other) {
        signer = other;
        return this;
    }

    /** Other certificates in the signature, leaf first. */
    public SoftwareRim chain(List<Bytes> certificates) {
        chain = certificates;
        return this;
    }

    /** Another certificate of the signer before the same authorities. */
    public SoftwareRim signer(SoftwareCertificate draft) {
        return chain(
                Stream.concat(Stream.of(draft.der()), chain.stream().skip(1)).toList());
    }

    /** Signed again, by the signer who came later. */
    public SoftwareRim reissued(NvidiaRimPki pki) {
        return signer(pki.laterSignerDraft()).signedBy(pki.laterSignerKey());
    }

    /** Algorithms, references and key infos that are not NVIDIA's. */
    public SoftwareRim signature(Consumer<NvidiaXmlSignature> change) {
        change.accept(signature);
        return this;
    }

    /** Changes the text that is signed, which has no signature yet. */
    public SoftwareRim text(UnaryOperator<String> change) {
        beforeSigning = change;
        return this;
    }

    /** Changes the finished document. */
    public SoftwareRim document(UnaryOperator<String> change) {
        afterSigning = change;
        return this;
    }

    /** The signed document. */
    public String xml() {
        String unsigned = beforeSigning.apply(unsigned());
        String element = signature.over(unsigned, signer, chain);
        int end = unsigned.lastIndexOf(END);
        return afterSigning.apply(unsigned.substring(0, end) + element + unsigned.substring(end));
    }

    private String unsigned() {
        String attributes = meta.entrySet().stream()
                .map(each -> " %s=\"%s\"".formatted(each.getKey(), each.getValue()))
                .collect(Collectors.joining());
        return "<SoftwareIdentity xmlns=\"%s\" xmlns:ns0=\"%s\"".formatted(SWID, SWID)
                + " xmlns:ns2=\"http://www.w3.org/2001/04/xmlenc#sha384\" corpus=\"false\" name=\"%s\" patch=\"false\""
                        .formatted(name)
                + " supplemental=\"false\" tagId=\"%s\" version=\"1.0\" tagVersion=\"0\">\n"
                        .formatted(NvidiaGolden.measured("tag of " + id))
                + "    <ns0:Entity name=\"NVIDIA Corporation\" role=\"softwareCreator tagCreator\"/>\n"
                + "    <ns0:Meta xmlns:ns1=\"%s\"%s/>\n".formatted(TCG, attributes)
                + payload()
                + END
                + "\n";
    }

    /** The element with all records, as it stands in the document. */
    public String payload() {
        return records.stream()
                .map(NvidiaRimRecord::element)
                .collect(Collectors.joining(
                        "",
                        "    <ns0:Payload xmlns:SHA384=\"http://www.w3.org/2001/04/xmlenc#sha384\">\n",
                        "    </ns0:Payload>\n"));
    }

    /** What the service answers when it is asked for this id. */
    public String serviceJson() {
        Bytes xml = Bytes.utf8(xml());
        return """
                {"id":"%s","rim":"%s","sha256":"%s","last_updated":"2026-05-01T00:00:00Z","rim_format":"TCG",\
                "request_id":"00000000-0000-4000-8000-000000000000"}""".formatted(id, Base64.getEncoder().encodeToString(xml.toByteArray()), xml.sha256());
    }
}
