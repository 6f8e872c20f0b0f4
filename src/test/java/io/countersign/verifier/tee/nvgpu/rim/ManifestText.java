package io.countersign.verifier.tee.nvgpu.rim;

import java.util.ArrayList;
import java.util.List;

/** The text of a manifest as NVIDIA lays it out, unsigned. Each method makes one thing different. */
final class ManifestText {
    static final String DIGEST = "ab".repeat(48);
    static final String ZEROS = "00".repeat(48);

    private final List<String> records = new ArrayList<>();
    private String product = "GH100";
    private String name = "GH100";
    private String version = "550.90.07";
    private String head = "corpus=\"false\" name=\"%s\" patch=\"false\" supplemental=\"false\"";
    private String before = "";
    private String after = "";

    ManifestText() {
        records.add(record(0, "False", List.of(ZEROS)));
        records.add(record(7, "True", List.of(DIGEST)));
        records.add(record(8, "True", List.of(DIGEST, ZEROS)));
    }

    static String record(int index, String active, List<String> hashes) {
        var attributes = new StringBuilder();
        for (int i = 0; i < hashes.size(); i++) {
            attributes.append("ns2:Hash%d=\"%s\" ".formatted(i, hashes.get(i)));
        }
        return "<ns0:Resource type=\"Measurement\" index=\"%d\" active=\"%s\" alternatives=\"%d\" %sname=\"Measurement_%d\" size=\"48\"/>"
                .formatted(index, active, hashes.size(), attributes, index);
    }

    ManifestText records(String... xml) {
        records.clear();
        records.addAll(List.of(xml));
        return this;
    }

    ManifestText product(String chip) {
        product = chip;
        return this;
    }

    ManifestText name(String chip) {
        name = chip;
        return this;
    }

    ManifestText version(String text) {
        version = text;
        return this;
    }

    /** Other attributes of the root but for tagId, version and tagVersion. */
    ManifestText head(String attributes) {
        head = attributes;
        return this;
    }

    /** Elements before Entity. */
    ManifestText before(String xml) {
        before = xml;
        return this;
    }

    /** Elements after Payload. */
    ManifestText after(String xml) {
        after = xml;
        return this;
    }

    String meta() {
        return """
            <ns0:Meta xmlns:ns1="https://trustedcomputinggroup.org/resource/tcg-reference-integrity-manifest-rim-information-model/" \
            colloquialVersion="%s" edition="GPU" product="%s" revision="r1" PayloadType="direct" ns1:BindingSpec="RIMIM" \
            ns1:BindingSpecVersion="1.01" ns1:PlatformManufacturerId="5703" ns1:PlatformModel="%s" ns1:FirmwareManufacturerId="5703"/>""".formatted(version, product, product);
    }

    String payload() {
        return "<ns0:Payload>\n" + String.join("\n", records) + "\n</ns0:Payload>";
    }

    @Override
    public String toString() {
        return """
            <SoftwareIdentity xmlns="http://standards.iso.org/iso/19770/-2/2015/schema.xsd" \
            xmlns:ns0="http://standards.iso.org/iso/19770/-2/2015/schema.xsd" xmlns:ns2="http://www.w3.org/2001/04/xmlenc#sha384" \
            %s tagId="%s" version="1.0" tagVersion="0">
            %s<ns0:Entity name="NVIDIA Corporation" role="softwareCreator tagCreator"/>
            %s
            %s
            %s</SoftwareIdentity>
            """.formatted(head.formatted(name), DIGEST, before, meta(), payload(), after);
    }
}
