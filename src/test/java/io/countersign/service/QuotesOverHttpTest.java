package io.countersign.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.verifier.bytes.Bytes;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Genuine TDX and SGX quotes with the collateral of their time, sent to the service as it comes. */
@QuarkusTest
@TestProfile(ProductionLike.class)
class QuotesOverHttpTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("countersign.evidence", "../shared/evidence"), "intel-tdx");

    private static final Set<String> TEXTS = Set.of(
            "tcb_info.json",
            "tcb_info_issuer_chain.pem",
            "qe_identity.json",
            "qe_identity_issuer_chain.pem",
            "pck_crl_issuer_chain.pem");
    private static final Set<String> BINARIES = Set.of("pck_crl.der", "root_ca_crl.der");

    @BeforeEach
    void whereTheQuotesAre() {
        assumeTrue(Files.exists(FOLDER), () -> "no genuine quotes at " + FOLDER + ": set -Dcountersign.evidence");
    }

    private static JsonNode manifest(String member) throws IOException {
        return Http.parse(Files.readString(FOLDER.resolve("MANIFEST.json"))).get(member);
    }

    private static Bytes file(String name) throws IOException {
        return Bytes.copyOf(Files.readAllBytes(FOLDER.resolve(name)));
    }

    private static ObjectNode body(JsonNode read) throws IOException {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("at", read.get("evaluate_at").asText());
        body.withObject("/evidence/cpu0")
                .put("type", type(read))
                .put("quote", Machine.base64(file(read.get("quote").asText())));
        if (!read.get("collateral").isNull()) {
            bring(FOLDER.resolve(read.get("collateral").asText()), body.withObject("/endorsements/intel"));
        }
        return body;
    }

    private static void bring(Path folder, ObjectNode intel) throws IOException {
        for (String name : TEXTS) {
            if (Files.exists(folder.resolve(name))) {
                intel.put(member(name), Files.readString(folder.resolve(name)));
            }
        }
        for (String name : BINARIES) {
            if (Files.exists(folder.resolve(name))) {
                intel.put(member(name), Machine.base64(Bytes.copyOf(Files.readAllBytes(folder.resolve(name)))));
            }
        }
    }

    private static String member(String file) {
        return file.substring(0, file.indexOf('.'));
    }

    private static String type(JsonNode read) {
        return read.get("tee").asText().toLowerCase(Locale.ROOT);
    }

    @Test
    void everyQuoteGetsItsVerdictWhenItIsEvaluated() throws IOException {
        int judged = 0;
        for (JsonNode read : manifest("cases")) {
            judged++;
            String id = read.get("id").asText();
            Answer answer = Http.post("/v1/appraisals", body(read)).ok();
            boolean padded = read.get("trailing_all_zero").asBoolean(true);
            assertEquals(failing(read), ended(answer, "failed"), id + answer.text());
            assertEquals(
                    padded ? "undetermined" : "rejected",
                    answer.cpu().get("authenticity").asText(),
                    id);
            assertEquals(!padded, !answer.cpu().has("claims"), id);
            assertTrue(
                    Set.of("tdx.binding", "tdx.revocation", "tdx.collateral", "tdx.event-log")
                            .containsAll(ended(answer, "undetermined")),
                    () -> id + ended(answer, "undetermined"));
            boolean complete = read.get("collateral_complete").asBoolean(false);
            assertEquals(!complete, ended(answer, "undetermined").contains("tdx.revocation"), id);
            assertEquals(
                    read.get("collateral").isNull(),
                    ended(answer, "undetermined").contains("tdx.collateral"),
                    id);
            if (read.get("verdict_default_policy").asText().equals("accept")) {
                assertEquals("none", answer.cpu().get("status").asText(), id);
                assertEquals(Set.of(), ended(answer, "failed"), id);
                assertFalse(answer.rules().containsValue("failed"), () -> id + answer.rules());
            }
        }
        assertEquals(24, judged);
    }

    /** The checks that must fail: the binding is not asked for, and a missing revocation list is no failure. */
    private static Set<String> failing(JsonNode read) {
        var failing = new TreeSet<String>();
        if (!read.get("trailing_all_zero").asBoolean(true)) {
            failing.add("tdx.format");
        }
        if (!read.get("tcb_status").isNull() && !read.get("tcb_status").asText().equals("UpToDate")) {
            failing.add("tdx.tcb");
        }
        return failing;
    }

    @Test
    void everyFactOfTheManifestIsAClaimWithThatValue() throws IOException {
        int compared = 0;
        for (JsonNode read : manifest("cases")) {
            String id = read.get("id").asText();
            Answer answer = Http.post("/v1/appraisals", body(read)).ok();
            if (!answer.cpu().has("claims")) {
                continue;
            }
            compared++;
            JsonNode claims = answer.cpu().get("claims");
            JsonNode own = claims.get(type(read));
            assertEquals(type(read), claims.get("tee").asText(), id);
            assertEquals(read.get("debug").asBoolean(), claims.get("debug").asBoolean(), id);
            assertEquals(
                    read.get("quote_version").asInt(), own.get("quote_version").asInt(), id);
            assertEquals(read.get("fmspc").asText(), own.get("fmspc").asText(), id);
            assertEquals(read.get("pceid").asText(), own.get("pce_id").asText(), id);
            assertEquals(read.get("ppid").asText(), own.get("ppid").asText(), id);
            assertEquals(read.get("pcesvn").asInt(), own.get("pce_svn").asInt(), id);
            assertEquals(read.get("pck_ca").asText(), own.get("pck_ca").asText(), id);
            read.get("fields").properties().forEach(field -> assertField(id, field, own));
            assertTcb(id, read, own);
        }
        assertEquals(23, compared);
    }

    private static void assertField(String id, Map.Entry<String, JsonNode> field, JsonNode own) {
        String what = id + " " + field.getKey();
        switch (field.getKey()) {
            case "td_attributes_flags" ->
                assertEquals(texts(field.getValue()), texts(own.get("td_attribute_names")), what);
            case "isv_prod_id", "isv_svn", "config_svn" ->
                assertEquals(field.getValue().asInt(), own.get(field.getKey()).asInt(), what);
            case "cpusvn" ->
                assertEquals(field.getValue().asText(), own.get("cpu_svn").asText(), what);
            default -> {
                assertTrue(own.has(field.getKey()), what);
                assertEquals(field.getValue().asText(), own.get(field.getKey()).asText(), what);
            }
        }
    }

    private static void assertTcb(String id, JsonNode read, JsonNode own) {
        if (read.get("tcb_status").isNull()) {
            assertFalse(own.has("tcb_status"), id);
            return;
        }
        assertEquals(read.get("tcb_status").asText(), own.get("tcb_status").asText(), id);
        assertEquals(read.get("qe_status").asText(), own.get("qe_tcb_status").asText(), id);
        assertEquals(texts(read.get("advisories")).stream().sorted().toList(), texts(own.get("advisory_ids")), id);
        assertEquals(
                read.at("/tcb_evaluation_numbers/tcb_info").asInt(),
                own.get("tcb_evaluation_data_number").asInt(),
                id);
        if (read.hasNonNull("matched_level")) {
            assertEquals(
                    read.at("/matched_level/tcbDate").asText(),
                    own.get("tcb_date").asText(),
                    id);
            assertEquals(
                    read.at("/matched_level/status").asText(),
                    own.get("platform_tcb_status").asText(),
                    id);
        }
        if (read.hasNonNull("tdx_module")) {
            assertEquals(
                    read.at("/tdx_module/status").asText(),
                    own.get("module_tcb_status").asText(),
                    id);
        }
        if (read.hasNonNull("collateral_window")) {
            assertEquals(
                    read.get("collateral_window").get(1).asText(),
                    own.get("collateral_expires_at").asText(),
                    id);
        }
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    private static Set<String> ended(Answer answer, String word) {
        return answer.outcomes().entrySet().stream()
                .filter(check -> check.getValue().equals(word))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyEventLogWithAQuoteOfItsOwnReplays() throws IOException {
        int paired = 0;
        for (JsonNode log : manifest("event_log_checks")) {
            if (!log.hasNonNull("paired_quote")) {
                continue;
            }
            paired++;
            Answer answer =
                    withLog(log.get("paired_quote").asText(), log.get("file").asText());
            assertEquals("passed", answer.ok().outcomes().get("tdx.event-log"), answer.text());
            JsonNode own = answer.cpu().at("/claims/tdx");
            for (int i = 0; i < 4; i++) {
                assertEquals(
                        log.at("/replayed/rtmr" + i).asText(),
                        own.get("rtmr" + i).asText(),
                        "RTMR" + i);
            }
            assertTrue(own.has("event_log"), answer.text());
        }
        assertEquals(2, paired);
    }

    @Test
    void anEventLogOfAnotherMachineFails() throws IOException {
        for (JsonNode log : manifest("event_log_checks")) {
            String name = log.get("file").asText();
            if (log.hasNonNull("paired_quote")) {
                continue;
            }
            Answer answer = withLog("quotes/tdx-v4-gcp.bin", name).ok();
            assertEquals("failed", answer.outcomes().get("tdx.event-log"), name);
            assertEquals("contraindicated", answer.cpu().get("status").asText(), name);
            assertFalse(answer.cpu().at("/claims/tdx").has("event_log"), name);
        }
    }

    private static Answer withLog(String quote, String log) throws IOException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("at", "2026-04-01T00:00:00Z");
        body.withObject("/evidence/cpu0")
                .put("type", "tdx")
                .put("quote", Machine.base64(file(quote)))
                .put("event_log", Machine.base64(file(log)));
        return Http.post("/v1/appraisals", body);
    }

    @Test
    void aQuoteOfTheOtherKindIsNotSupported() throws IOException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.withObject("/evidence/cpu0")
                .put("type", "sgx")
                .put("quote", Machine.base64(file("quotes/tdx-v4-gcp.bin")));
        Http.post("/v1/appraisals", body).problem(422, "evidence-unsupported");
        body.withObject("/evidence/cpu0")
                .put("type", "tdx")
                .put("quote", Machine.base64(file("quotes/sgx-v3-phala.bin")));
        Http.post("/v1/appraisals", body).problem(422, "evidence-unsupported");
    }

    @Test
    void aQuoteIsShownFieldByField() throws IOException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.withObject("/evidence/cpu0")
                .put("type", "tdx")
                .put("quote", Machine.base64(file("quotes/tdx-v4-gcp-cos113.bin")))
                .put("event_log", Machine.base64(file("eventlogs/ccel-gcp-cos113.bin")));
        Answer answer = Http.post("/v1/evidence/show", body);
        answer.ok();
        assertFalse(answer.json().get("authenticated").asBoolean());
        String text = answer.text();
        for (String name : List.of("MRTD", "RTMR3", "TDATTRIBUTES", "FMSPC", "QE vendor id")) {
            assertTrue(text.contains("\"" + name + "\""), name);
        }
    }
}
