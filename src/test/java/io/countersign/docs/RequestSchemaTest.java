package io.countersign.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.service.api.request.AppraisalRequestReader;
import io.countersign.service.api.request.EvidenceReader;
import io.countersign.service.api.request.JsonText;
import io.countersign.service.api.request.RequestInvalidException;
import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.scheme.AttestationScheme;
import io.countersign.verifier.scheme.EvidenceMember;
import io.countersign.verifier.scheme.RefusedEvidenceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The schema of requests and the contract name the evidence and the endorsements that the service reads, and no others. */
class RequestSchemaTest {
    private static final Path RESOURCES = Path.of("src/main/resources");

    private static JsonNode schema() throws IOException {
        return new ObjectMapper()
                .readTree(RESOURCES.resolve("schemas/request.json").toFile())
                .path("$defs");
    }

    private static JsonNode contract() throws IOException {
        return new YAMLMapper()
                .readTree(Files.readString(RESOURCES.resolve("META-INF/openapi.yaml")))
                .at("/components/schemas");
    }

    static List<String> types() {
        return Core.SCHEMES.all().stream().map(AttestationScheme::id).toList();
    }

    /** sev-snp becomes SevSnp. */
    private static String component(String type) {
        return List.of(type.split("-", -1)).stream()
                .map(word -> word.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining("", "", "Evidence"));
    }

    private static Set<String> names(JsonNode object) {
        var names = new TreeSet<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Set<String> words(JsonNode array) {
        var words = new TreeSet<String>();
        array.forEach(word -> words.add(word.asText()));
        return words;
    }

    @ParameterizedTest
    @MethodSource("types")
    void evidenceHasTheMembersThatItsSchemeReads(String type) throws IOException {
        var members = Core.SCHEMES.find(type).orElseThrow().members();
        Set<String> all = members.stream().map(EvidenceMember::name).collect(Collectors.toCollection(TreeSet::new));
        Set<String> needed = members.stream()
                .filter(member -> member.need() == EvidenceMember.Need.REQUIRED)
                .map(EvidenceMember::name)
                .collect(Collectors.toCollection(TreeSet::new));
        all.add("type");
        needed.add("type");
        for (JsonNode evidence :
                List.of(schema().path(type + "-evidence"), contract().path(component(type)))) {
            assertEquals(all, names(evidence.path("properties")), type);
            assertEquals(needed, words(evidence.path("required")), type);
            assertEquals(type, evidence.at("/properties/type/const").asText());
            assertEquals(false, evidence.path("additionalProperties").asBoolean(true));
        }
    }

    @Test
    void everyTypeIsAmongTheDevicesAndNoOther() throws IOException {
        var listed = new TreeSet<String>();
        schema().at("/evidence/additionalProperties/anyOf")
                .forEach(each -> listed.add(each.path("$ref").asText()));
        assertEquals(
                types().stream()
                        .map(type -> "#/$defs/" + type + "-evidence")
                        .collect(Collectors.toCollection(TreeSet::new)),
                listed);
        var published = new TreeSet<String>();
        contract()
                .at("/Evidence/additionalProperties/anyOf")
                .forEach(each -> published.add(each.path("$ref").asText()));
        assertEquals(
                types().stream()
                        .map(type -> "#/components/schemas/" + component(type))
                        .collect(Collectors.toCollection(TreeSet::new)),
                published);
    }

    /** Vendor and member, as the schema writes them. */
    static List<String> endorsements() throws IOException {
        var all = new ArrayList<String>();
        schema().at("/endorsements/properties").properties().forEach(vendor -> names(
                        vendor.getValue().path("properties"))
                .forEach(name -> all.add(vendor.getKey() + "." + name)));
        return all;
    }

    @ParameterizedTest
    @MethodSource("endorsements")
    void endorsementIsRead(String slot) throws RequestInvalidException, RefusedEvidenceException {
        AppraisalRequest read = read(slot, "AAAA");
        String expected = slot.equals("nvidia.rims") ? slot + ".NV_GPU_DRIVER_GH100_550.90.07" : slot;
        assertEquals(Set.of(expected), read.endorsements().keySet());
        assertThrows(RequestInvalidException.class, () -> read(slot + "x", "AAAA"));
    }

    @Test
    void contractNamesTheSameEndorsements() throws IOException {
        JsonNode vendors = contract().at("/Endorsements/properties");
        var published = new TreeSet<String>();
        vendors.properties().forEach(vendor -> names(vendor.getValue().path("properties"))
                .forEach(name -> published.add(vendor.getKey() + "." + name)));
        assertEquals(new TreeSet<>(endorsements()), published);
    }

    @Test
    void everySlotOfIntelIsThere() throws IOException {
        assertEquals(
                Set.of(
                        "tcb_info",
                        "tcb_info_issuer_chain",
                        "qe_identity",
                        "qe_identity_issuer_chain",
                        "pck_crl",
                        "pck_crl_issuer_chain",
                        "root_ca_crl"),
                names(schema().at("/endorsements/properties/intel/properties")));
    }

    private static AppraisalRequest read(String slot, String value)
            throws RequestInvalidException, RefusedEvidenceException {
        ObjectNode body = new ObjectMapper().createObjectNode();
        body.putObject("evidence").putObject("cpu0").put("type", "tdx").put("quote", "AAAA");
        int dot = slot.indexOf('.');
        ObjectNode vendor = body.putObject("endorsements").putObject(slot.substring(0, dot));
        String member = slot.substring(dot + 1);
        switch (member) {
            case "ocsp", "crls" -> vendor.putArray(member).add(value);
            case "rims" -> vendor.putObject(member).put("NV_GPU_DRIVER_GH100_550.90.07", value);
            default -> vendor.put(member, value);
        }
        return new AppraisalRequestReader(new JsonText(32), new EvidenceReader(Core.SCHEMES, 64))
                .appraisal(body.toString().getBytes(StandardCharsets.UTF_8));
    }
}
