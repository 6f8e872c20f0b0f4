package io.countersign.verifier.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.CheckReport;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.claim.ClaimCatalogue;
import io.countersign.verifier.claim.ClaimDefinition;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.result.AdvisoryResult;
import io.countersign.verifier.result.Appraisal;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.result.AttestationResult.Workload;
import io.countersign.verifier.result.CompositeCheck;
import io.countersign.verifier.result.PolicyIdentity;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.result.TrustworthinessClaim;
import io.countersign.verifier.result.TrustworthinessVector;
import io.countersign.verifier.token.RelyingParty.Detail;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a token says about GPUs and switches, and how long it gets. */
class TokenIssuerTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PDI = "ffeeb20009e0be49";
    private static final ClaimCatalogue CATALOGUE = new ClaimCatalogue(Stream.of(
                    "tee",
                    "launch_measurement",
                    "snp.product",
                    "model",
                    "board",
                    "cc_mode",
                    "hwmodel",
                    "pdi",
                    "ueid",
                    "leaf_serial",
                    "debug",
                    "measurements_match")
            .map(path -> new ClaimDefinition(
                    path,
                    path.equals("debug") || path.equals("measurements_match")
                            ? new ClaimType.Flag()
                            : new ClaimType.Text(),
                    "A claim."))
            .toList());

    private static Authentication genuine(Map<String, Object> values) {
        var outcomes = new EnumMap<CompositeCheck, Outcome>(CompositeCheck.class);
        for (CompositeCheck check : CompositeCheck.values()) {
            outcomes.put(check, new Outcome.Passed("It holds."));
        }
        Claims.Builder claims = Claims.of(CATALOGUE);
        values.forEach(claims::with);
        // The composite checks stand in for a device's own: any catalogue will do.
        return Authentication.conclude(
                CheckReport.covering(CompositeCheck.class, outcomes), claims::build, NOW.plusSeconds(600));
    }

    private static Appraisal device(
            String label, String type, Map<String, Object> claims, TrustworthinessClaim... judged) {
        var vector = new EnumMap<TrustworthinessClaim, Integer>(TrustworthinessClaim.class);
        for (TrustworthinessClaim claim : judged) {
            vector.put(claim, 2);
        }
        return new Appraisal(label, type, genuine(claims), new TrustworthinessVector(vector));
    }

    private static Appraisal cpu() {
        return device(
                "cpu0",
                "sev-snp",
                Map.of("tee", "sev-snp", "debug", false, "snp.product", "Genoa", "launch_measurement", "5f".repeat(48)),
                TrustworthinessClaim.INSTANCE_IDENTITY,
                TrustworthinessClaim.CONFIGURATION,
                TrustworthinessClaim.EXECUTABLES,
                TrustworthinessClaim.HARDWARE);
    }

    private static Map<String, Object> h100() {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("model", "H100");
        claims.put("board", "1010/0200/882");
        claims.put("cc_mode", "on");
        claims.put("hwmodel", "GH100 A01 GSP BROM");
        claims.put("pdi", PDI);
        claims.put("ueid", "460032006552296075780760406069494258829212062021");
        claims.put("leaf_serial", "50948C723FC935C7BD14B7C22833DFBE1DFD1145");
        claims.put("measurements_match", true);
        return claims;
    }

    private static Appraisal gpu(int number, UnaryOperator<Map<String, Object>> change) {
        return device(
                "gpu" + number,
                "nvidia-gpu",
                change.apply(h100()),
                TrustworthinessClaim.CONFIGURATION,
                TrustworthinessClaim.HARDWARE);
    }

    private static Appraisal gpu(int number, String claim, String value) {
        return gpu(number, claims -> {
            claims.put(claim, value);
            return claims;
        });
    }

    private static Appraisal without(int number, String... absent) {
        return gpu(number, claims -> {
            claims.keySet().removeAll(Set.of(absent));
            return claims;
        });
    }

    private static Appraisal nvswitch(int number) {
        return device(
                "nvswitch" + number,
                "nvidia-nvswitch",
                Map.of("hwmodel", "LS_10 A01 FSP BROM", "pdi", PDI, "measurements_match", true),
                TrustworthinessClaim.CONFIGURATION,
                TrustworthinessClaim.HARDWARE);
    }

    /** Signs as a signer does, but for the signature, whose length is that of ES256. */
    private static String sign(String typ, Map<String, Object> claims) {
        try {
            var header = Map.of("alg", "ES256", "typ", typ, "kid", "k".repeat(43));
            return base64(JSON.writeValueAsBytes(header)) + "." + base64(JSON.writeValueAsBytes(claims)) + "."
                    + base64(new byte[64]);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String token(Detail detail, Appraisal... beside) {
        return token(detail, List.of(), beside);
    }

    private static String token(Detail detail, List<AdvisoryResult> advisories, Appraisal... beside) {
        var devices = new ArrayList<>(List.of(cpu()));
        devices.addAll(List.of(beside));
        return tokenOf(detail, advisories, devices);
    }

    private static String tokenOf(Detail detail, List<AdvisoryResult> advisories, List<Appraisal> devices) {
        var result = new AttestationResult(
                NOW,
                new PolicyIdentity("confidential-gpu-inference", "2026-11-23", Bytes.zeros(32)),
                new Workload.Pinned(),
                Set.of(TrustTier.AFFIRMING),
                genuine(Map.of()).report(),
                devices,
                List.of(),
                advisories,
                new Binding(BindingMethod.COUNTERSIGN_V1, Bytes.zeros(48), Bytes.zeros(32)),
                Bytes.zeros(32),
                Optional.empty());
        var context = new TokenContext(
                "https://countersign.confidential.example.com",
                "t".repeat(22),
                TokenContext.MAX_LIFETIME,
                TokenContext.Freshness.CHALLENGE,
                Optional.of(Map.of("kty", "EC", "crv", "P-256", "x", "x".repeat(43), "y", "y".repeat(43))),
                Bytes.zeros(32),
                TokenContext.Assurance.PRODUCTION);
        return new TokenIssuer(TokenIssuerTest::sign, "countersign 1.0.0")
                .issue(result, new RelyingParty("https://kms.confidential.example.com", "eat+jwt", detail), context)
                .compact();
    }

    private static JsonNode claims(Detail detail, Appraisal... beside) {
        return read(token(detail, beside));
    }

    private static JsonNode read(String token) {
        String body = token.replaceFirst("^[^.]*\\.", "").replaceFirst("\\..*", "");
        try {
            return JSON.readTree(new String(Base64.getUrlDecoder().decode(body), StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String said(String claim, Appraisal... beside) {
        return claims(Detail.BRIEF, beside).path(claim).asText("absent");
    }

    private static Appraisal[] wholeMachine() {
        return Stream.concat(
                        Stream.iterate(0, i -> i + 1).limit(8).map(i -> gpu(i, "cc_mode", "ppcie")),
                        Stream.iterate(0, i -> i + 1).limit(4).map(TokenIssuerTest::nvswitch))
                .toArray(Appraisal[]::new);
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
