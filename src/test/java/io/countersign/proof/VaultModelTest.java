package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.proof.VaultModel.Flavour;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The roles of examples/openbao and examples/vault against tokens of both dialects, under {@link VaultModel}: the rules of
 * these programs as we read them, not the programs.
 */
class VaultModelTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static ObjectNode read(Path file) {
        try {
            return (ObjectNode) JSON.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path example(Flavour flavour, String name) {
        return Path.of("examples", flavour.name().toLowerCase(Locale.ROOT), name);
    }

    /** The token of the golden file as the example's key service gets it: eight GPUs, its audience, its policy. */
    private static ObjectNode token(String dialect) {
        JsonNode role = read(example(Flavour.OPENBAO, "role.json"));
        ObjectNode claims = read(Path.of("src", "test", "resources", "golden", "token", dialect + ".json"));
        claims.put("iss", "https://countersign.example");
        claims.put("aud", role.path("bound_audiences").path(0).asText());
        claims.put(
                "countersign_policy_id",
                role.path("bound_claims").path("countersign_policy_id").asText());
        claims.put(
                "countersign_policy_digest",
                role.path("bound_claims")
                        .path("countersign_policy_digest")
                        .path(1)
                        .asText());
        claims.put("countersign_gpu_count", 8);
        return claims;
    }

    private static Instant end() {
        return Instant.ofEpochSecond(token("ear").path("exp").asLong());
    }

    private static Optional<String> refusal(Flavour flavour, Consumer<ObjectNode> role, JsonNode claims, Instant now) {
        ObjectNode changed = read(example(flavour, "role.json"));
        role.accept(changed);
        return new VaultModel(flavour, read(example(flavour, "config.json")), changed).refusal(claims, now);
    }

    private static Optional<String> refusal(Consumer<ObjectNode> role, JsonNode claims) {
        return refusal(Flavour.OPENBAO, role, claims, end().minusSeconds(100));
    }

    private static Optional<String> afterChange(Consumer<ObjectNode> change) {
        ObjectNode claims = token("ear");
        change.accept(claims);
        return refusal(role -> {}, claims);
    }

    private static ObjectNode bound(ObjectNode role) {
        return (ObjectNode) role.path("bound_claims");
    }

    /** The example's role for a mount that is registered with the older dialect. */
    private static void legacy(ObjectNode role) {
        ObjectNode bound = bound(role);
        bound.remove(List.of("ear_status", "/submods/cpu0/ear_status", "/submods/gpu0/ear_status"));
        bound.put("ear.status", "affirming")
                .put("/submods/cpu0/ear.status", "affirming")
                .put("/submods/gpu0/ear.status", "affirming");
    }

    @ParameterizedTest
    @EnumSource
    void theExamplesRoleTakesAGoodToken(Flavour flavour) {
        assertEquals(Optional.empty(), refusal(flavour, role -> {}, token("ear"), end().minusSeconds(100)));
    }

    @ParameterizedTest
    @EnumSource
    void dottedNamesWorkAsMembersAndInPointers(Flavour flavour) {
        assertEquals(
                Optional.empty(),
                refusal(flavour, VaultModelTest::legacy, token("ear-legacy"), end().minusSeconds(100)));
    }

    /** Unlike a rule that asks for a difference, a bound claim that is not there refuses. */
    @Test
    void aRoleOfOneDialectRefusesTheOther() {
        assertEquals(Optional.of("claim \"ear_status\" is missing"), refusal(role -> {}, token("ear-legacy")));
        assertEquals(Optional.of("claim \"ear.status\" is missing"), refusal(VaultModelTest::legacy, token("ear")));
    }

    @ParameterizedTest
    @CsvSource({
        "ear_status",
        "countersign_policy_id",
        "countersign_policy_digest",
        "countersign_tee",
        "countersign_debug",
        "countersign_key_bound",
        "countersign_gpu_count"
    })
    void whatIsAbsentRefuses(String claim) {
        assertEquals(
                Optional.of("claim \"%s\" is missing".formatted(claim)), afterChange(claims -> claims.remove(claim)));
        assertEquals(
                Optional.of("claim \"%s\" is missing".formatted(claim)), afterChange(claims -> claims.putNull(claim)));
    }

    @Test
    void aDeviceThatIsAbsentRefuses() {
        assertEquals(
                Optional.of("claim \"/submods/gpu0/ear_status\" is missing"),
                afterChange(claims -> ((ObjectNode) claims.path("submods")).remove("gpu0")));
    }

    @Test
    void aDeviceThatIsNotAffirmingRefuses() {
        assertEquals(
                Optional.of("claim \"/submods/gpu0/ear_status\" does not match"),
                afterChange(claims -> ((ObjectNode) claims.at("/submods/gpu0")).put("ear_status", "warning")));
    }

    @Test
    void anotherTypeIsAnotherValue() {
        Optional<String> debug = Optional.of("claim \"countersign_debug\" does not match");
        assertEquals(debug, afterChange(claims -> claims.put("countersign_debug", "false")));
        assertEquals(debug, afterChange(claims -> claims.put("countersign_debug", true)));
        assertEquals(debug, refusal(role -> bound(role).put("countersign_debug", "false"), token("ear")));
        Optional<String> count = Optional.of("claim \"countersign_gpu_count\" does not match");
        assertEquals(count, afterChange(claims -> claims.put("countersign_gpu_count", "8")));
        assertEquals(count, afterChange(claims -> claims.put("countersign_gpu_count", 7)));
        assertEquals(count, refusal(role -> bound(role).put("countersign_gpu_count", "8"), token("ear")));
    }

    /** Why counts in tokens are integers. */
    @ParameterizedTest
    @CsvSource({"OPENBAO, true", "VAULT, false"})
    void openBaoCutsFractionsOff(Flavour flavour, boolean taken) {
        ObjectNode claims = token("ear").put("countersign_gpu_count", 8.9);
        assertEquals(
                taken,
                refusal(flavour, role -> {}, claims, end().minusSeconds(100)).isEmpty());
    }

    @Test
    void oneInCommonIsEnough() {
        assertEquals(Optional.empty(), afterChange(claims -> claims.put("countersign_tee", "tdx")));
        assertEquals(Optional.empty(), afterChange(claims -> claims.putArray("countersign_tee")
                .add("sgx")
                .add("tdx")));
        assertEquals(
                Optional.of("claim \"countersign_tee\" does not match"),
                afterChange(claims -> claims.putArray("countersign_tee").add("sgx")));
        assertEquals(
                Optional.empty(),
                refusal(
                        role -> bound(role).put("/submods/cpu0/ear_appraisal_policy_ids", "confidential-gpu-inference"),
                        token("ear")));
    }

    @Test
    void anObjectMatchesNothing() {
        assertEquals(
                Optional.of("claim \"cnf\" is not a string, bool, int or list"),
                refusal(role -> bound(role).put("cnf", "x"), token("ear")));
    }

    @Test
    void numbersInListsMatchNothing() {
        ObjectNode claims = token("ear");
        claims.putArray("countersign_gpu_count").add(8);
        assertEquals(Optional.of("claim \"countersign_gpu_count\" does not match"), refusal(role -> {}, claims));
    }

    @Test
    void audienceHasToBeBoundToTheRole() {
        assertEquals(
                Optional.of("audience claim found, none bound to the role"),
                refusal(role -> role.remove("bound_audiences"), token("ear")));
        assertEquals(
                Optional.of("aud matches no bound audience"),
                afterChange(claims -> claims.put("aud", "https://another.example")));
        assertEquals(Optional.of("aud matches no bound audience"), afterChange(claims -> claims.remove("aud")));
    }

    /** Laboratory tokens name an issuer of their own; the absence of countersign_insecure is nothing a role can ask for. */
    @Test
    void anotherIssuerIsRefused() {
        assertEquals(
                Optional.of("invalid issuer"),
                afterChange(claims -> claims.put("iss", "https://countersign.example/insecure")));
    }

    @ParameterizedTest
    @CsvSource({"-1, 0, true", "-1, 1, false", "0, 60, true", "0, 61, false", "10, 10, true", "10, 11, false"})
    void aTokenLivesAMinuteLongerUnlessTheRoleForbidsIt(int leeway, int secondsAfterEnd, boolean taken) {
        Optional<String> refusal = refusal(
                Flavour.OPENBAO,
                role -> role.put("clock_skew_leeway", leeway),
                token("ear"),
                end().plusSeconds(secondsAfterEnd));
        assertEquals(taken ? Optional.empty() : Optional.of("expired"), refusal);
    }

    @ParameterizedTest
    @CsvSource({"-1, 1, false", "0, 60, true", "0, 61, false"})
    void beginningsAreForgivenAsEndsAre(int leeway, int secondsBefore, boolean taken) {
        ObjectNode claims = token("ear");
        Instant begin = Instant.ofEpochSecond(claims.path("nbf").asLong());
        Optional<String> refusal = refusal(
                Flavour.OPENBAO,
                role -> role.put("clock_skew_leeway", leeway),
                claims,
                begin.minusSeconds(secondsBefore));
        assertEquals(taken ? Optional.empty() : Optional.of("not yet valid"), refusal);
    }

    @Test
    void withoutEndATokenLivesAsLongAsTheLeeway() {
        ObjectNode claims = token("ear");
        Instant begin = Instant.ofEpochSecond(claims.path("nbf").asLong());
        claims.remove("exp");
        Consumer<ObjectNode> lenient = role -> role.put("expiration_leeway", 0);
        assertEquals(Optional.empty(), refusal(Flavour.OPENBAO, lenient, claims, begin.plusSeconds(150)));
        assertEquals(Optional.of("expired"), refusal(Flavour.OPENBAO, lenient, claims, begin.plusSeconds(151)));
        assertEquals(Optional.of("expired"), refusal(Flavour.OPENBAO, role -> {}, claims, begin.plusSeconds(1)));
    }

    @Test
    void globsAreForTextOnly() {
        Consumer<ObjectNode> globs = role -> {
            role.put("bound_claims_type", "glob");
            bound(role).removeAll();
            bound(role).put("countersign_policy_id", "inference-*");
        };
        assertEquals(Optional.empty(), refusal(globs, token("ear")));
        assertEquals(
                Optional.of("claim \"countersign_policy_id\" does not match"),
                refusal(globs, token("ear").put("countersign_policy_id", "training-gateway")));
        Consumer<ObjectNode> flag = globs.andThen(role -> bound(role).put("countersign_debug", false));
        assertTrue(refusal(flag, token("ear")).isPresent());
    }

    @Test
    void theNameOfAnEntityIsText() {
        assertEquals(Optional.of("user claim \"sub\" is no string"), afterChange(claims -> claims.put("sub", 1)));
        assertEquals(
                Optional.empty(),
                refusal(
                        role -> role.put("user_claim", "/cnf/jwk/kid").put("user_claim_json_pointer", true),
                        token("ear")));
    }

    /** What nothing in a role can ask for: that every device is affirming. A failed gpu7 is caught by the overall status. */
    @Test
    void onlyTheOverallStatusSpeaksForDevicesThatTheRoleDoesNotName() {
        ObjectNode claims = token("ear");
        ((ObjectNode) claims.path("submods")).putObject("gpu7").put("ear_status", "contraindicated");
        assertEquals(Optional.empty(), refusal(role -> {}, claims), "the role names gpu0 only");
        claims.put("ear_status", "contraindicated");
        assertEquals(Optional.of("claim \"ear_status\" does not match"), refusal(role -> {}, claims));
    }
}
