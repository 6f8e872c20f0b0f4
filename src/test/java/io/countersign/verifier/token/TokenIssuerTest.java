package io.countersign.verifier.token;

import static io.countersign.verifier.token.TokenBench.claims;
import static io.countersign.verifier.token.TokenBench.cpu;
import static io.countersign.verifier.token.TokenBench.device;
import static io.countersign.verifier.token.TokenBench.gpu;
import static io.countersign.verifier.token.TokenBench.h100;
import static io.countersign.verifier.token.TokenBench.read;
import static io.countersign.verifier.token.TokenBench.token;
import static io.countersign.verifier.token.TokenBench.tokenOf;
import static io.countersign.verifier.token.TokenBench.wholeMachine;
import static io.countersign.verifier.token.TokenBench.without;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.verifier.result.AdvisoryResult;
import io.countersign.verifier.result.Appraisal;
import io.countersign.verifier.result.TrustworthinessClaim;
import io.countersign.verifier.token.RelyingParty.Detail;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a token says about GPUs and switches, and how long it gets. */
class TokenIssuerTest {
    private static String said(String claim, Appraisal... beside) {
        return claims(Detail.BRIEF, beside).path(claim).asText("absent");
    }

    @Test
    void saysWhatIsTrueOfEveryGpu() {
        JsonNode claims = claims(Detail.BRIEF, wholeMachine());
        assertEquals(8, claims.path("countersign_gpu_count").intValue());
        assertEquals("H100", claims.path("countersign_gpu_model").asText());
        assertEquals("ppcie", claims.path("countersign_cc_mode").asText());
    }

    @Test
    void saysNothingOfGpusWhereThereAreNone() {
        JsonNode claims = claims(Detail.BRIEF);
        assertEquals(0, claims.path("countersign_gpu_count").intValue());
        assertFalse(claims.has("countersign_gpu_model"));
        assertFalse(claims.has("countersign_cc_mode"));
    }

    @Test
    void differentGpusAreMixed() {
        assertEquals("mixed", said("countersign_gpu_model", gpu(0, "model", "H100"), gpu(1, "model", "H200")));
        assertEquals("mixed", said("countersign_cc_mode", gpu(0, "cc_mode", "on"), gpu(1, "cc_mode", "ppcie")));
    }

    @Test
    void boardStandsForAModelThatIsNotKnown() {
        assertEquals("1010/0200/882", said("countersign_gpu_model", without(0, "model")));
        assertEquals("mixed", said("countersign_gpu_model", gpu(0, "model", "H100"), without(1, "model")));
    }

    @Test
    void oneGpuOfWhichNothingIsKnownLeavesTheClaimOut() {
        assertEquals("absent", said("countersign_cc_mode", gpu(0, "cc_mode", "on"), without(1, "cc_mode")));
        assertEquals("absent", said("countersign_gpu_model", gpu(0, "model", "H100"), without(1, "model", "board")));
    }

    @Test
    void detailIsForThoseWhoAskedForIt() {
        JsonNode full = claims(Detail.FULL, wholeMachine()).path("submods");
        for (String label : List.of("gpu0", "gpu7", "nvswitch3")) {
            JsonNode device = full.path(label);
            assertEquals(5703, device.path("oemid").intValue(), label);
            assertEquals(
                    "[[\"rim\",[[\"all\",\"success\"]]]]",
                    device.path("measres").toString());
        }
        assertEquals(
                "GH100 A01 GSP BROM",
                new String(
                        Base64.getUrlDecoder()
                                .decode(full.path("gpu0").path("hwmodel").asText()),
                        StandardCharsets.UTF_8));
        JsonNode brief = claims(Detail.BRIEF, wholeMachine()).path("submods").path("gpu0");
        assertEquals(
                Set.of("ear_status", "ear_trustworthiness_vector"),
                brief.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @EnumSource(Detail.class)
    void machineIdentifiersStayOut(Detail detail) {
        String text = claims(detail, wholeMachine()).toString();
        h100().forEach((claim, value) -> {
            if (Set.of("pdi", "ueid", "leaf_serial").contains(claim)) {
                assertFalse(text.contains(value.toString()), claim);
                assertFalse(text.contains("\"" + claim + "\""), claim);
            }
        });
    }

    /** Detail of twelve devices is paid for in bytes by those who ask for it. */
    @ParameterizedTest
    @CsvSource({"BRIEF, 4096", "FULL, 6144"})
    void tokenForEightGpusAndFourSwitchesIsShort(Detail detail, int limit) {
        int length = token(detail, wholeMachine()).length();
        assertTrue(length < limit, detail + ": " + length);
    }

    private static AdvisoryResult advisory(String name, String label) {
        return new AdvisoryResult(name, label, "Something to know.", "", "baseline");
    }

    @Test
    void advisoriesAreNamedOnceEach() {
        String token = token(Detail.FULL, List.of(advisory("b", "cpu0"), advisory("a", "cpu0"), advisory("b", "gpu0")));
        JsonNode names = read(token).path("countersign_advisories");
        assertEquals(2, names.size());
        assertEquals("b", names.get(0).asText());
        assertEquals("a", names.get(1).asText());
    }

    @Test
    void aBriefTokenDoesNotNameThem() {
        assertFalse(read(token(Detail.BRIEF, List.of(advisory("b", "cpu0")))).has("countersign_advisories"));
    }

    @Test
    void aTokenWithoutAdvisoriesSaysNothingOfThem() {
        assertFalse(claims(Detail.FULL).has("countersign_advisories"));
    }

    @Test
    void advisoriesDoNotMakeATokenLong() {
        var many = Stream.iterate(0, i -> i + 1)
                .limit(100)
                .map(i -> advisory(i + "x".repeat(1000), "cpu0"))
                .toList();
        JsonNode names = read(token(Detail.FULL, many)).path("countersign_advisories");
        assertEquals(8, names.size());
        names.forEach(name -> assertEquals(100, name.asText().length()));
    }

    @ParameterizedTest
    @CsvSource({"true, enabled", "false, disabled-since-boot"})
    void aPolicyThatAdmitsDebuggingSaysSoInEveryToken(boolean debug, String status) {
        var cpu = device("cpu0", "sev-snp", Map.of("debug", debug), TrustworthinessClaim.HARDWARE);
        JsonNode claims = read(tokenOf(Detail.BRIEF, List.of(), List.of(cpu)));
        assertEquals(debug, claims.path("countersign_debug").booleanValue());
        assertTrue(claims.has("countersign_debug"));
        assertEquals(status, claims.path("submods").path("cpu0").path("dbgstat").asText());
    }
}
