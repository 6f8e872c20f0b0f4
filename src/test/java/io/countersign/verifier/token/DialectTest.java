package io.countersign.verifier.token;

import static io.countersign.verifier.token.TokenBench.EC_KEY;
import static io.countersign.verifier.token.TokenBench.cpu;
import static io.countersign.verifier.token.TokenBench.device;
import static io.countersign.verifier.token.TokenBench.read;
import static io.countersign.verifier.token.TokenBench.tokenOf;
import static io.countersign.verifier.token.TokenBench.wholeMachine;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.verifier.result.Appraisal;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.result.TrustworthinessClaim;
import io.countersign.verifier.token.RelyingParty.Detail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The two spellings of an EAR: each whole, neither mixed with the other. */
class DialectTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden", "token");
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .setDefaultPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));

    private static JsonNode claims(Dialect dialect, Detail detail, Appraisal... beside) {
        var devices = new ArrayList<>(List.of(cpu()));
        devices.addAll(List.of(beside));
        return read(tokenOf(dialect, detail, Set.of(TrustTier.AFFIRMING), List.of(), devices));
    }

    private static JsonNode withKey(Map<String, Object> key) {
        return read(
                tokenOf(Dialect.EAR_LEGACY, Detail.BRIEF, Set.of(TrustTier.AFFIRMING), List.of(), List.of(cpu()), key));
    }

    /** Of a machine whose policy lets a token be made at "warning". */
    private static JsonNode warning(Dialect dialect) {
        var cpu = device("cpu0", "sev-snp", Map.of("tee", "sev-snp"), 32, TrustworthinessClaim.HARDWARE);
        return read(tokenOf(
                dialect, Detail.BRIEF, Set.of(TrustTier.AFFIRMING, TrustTier.WARNING), List.of(), List.of(cpu)));
    }

    /** Every member name, at every depth. */
    private static Stream<String> names(JsonNode node) {
        Stream<String> own = node.properties().stream().map(Map.Entry::getKey);
        var below = new ArrayList<JsonNode>();
        node.forEach(below::add);
        return Stream.concat(own, below.stream().flatMap(DialectTest::names));
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void isWhatTheGoldenFileShows(Dialect dialect) throws IOException {
        String told = JSON.writerWithDefaultPrettyPrinter()
                        .writeValueAsString(JSON.treeToValue(
                                claims(dialect, Detail.FULL, TokenBench.gpu(0, "cc_mode", "on")), Map.class))
                + "\n";
        Path file = GOLDEN.resolve(dialect.word() + ".json");
        if (System.getProperty("golden") != null) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, told);
        }
        assertEquals(
                Files.readString(file),
                told,
                "relying parties match on these names: run mvn test -Dtest=DialectTest -Dgolden, and read the difference");
    }

    @ParameterizedTest
    @CsvSource({"EAR, ear.", "EAR_LEGACY, ear_"})
    void aTokenHasNoNameOfTheOtherDialect(Dialect dialect, String foreign) {
        JsonNode claims = claims(dialect, Detail.FULL, wholeMachine());
        assertEquals(
                List.of(),
                names(claims).filter(name -> name.startsWith(foreign)).toList());
        assertTrue(names(claims).anyMatch(name -> name.startsWith(dialect == Dialect.EAR ? "ear_" : "ear.")));
    }

    @Test
    void bothSayTheSameUnderTheirNames() {
        var said = new HashMap<Dialect, Set<String>>();
        for (Dialect dialect : Dialect.values()) {
            var claims = (ObjectNode) claims(dialect, Detail.FULL, wholeMachine());
            // What only one has: Trustee's copy of the key; and what is written differently: profile and policy.
            claims.remove(List.of("tee-pubkey", "eat_profile"));
            ((ObjectNode) claims.path("submods").path("cpu0"))
                    .remove(List.of("ear_appraisal_policy_ids", "ear.appraisal-policy-id"));
            var flat = new TreeSet<String>();
            flatten("", claims, flat);
            said.put(dialect, flat);
        }
        assertEquals(said.get(Dialect.EAR), said.get(Dialect.EAR_LEGACY));
    }

    /** A line for every leaf, with the underscored and dotted names brought to one. */
    private static void flatten(String path, JsonNode node, Set<String> into) {
        if (!node.isObject()) {
            into.add(path + "=" + node);
        }
        node.properties().forEach(member -> {
            String name = member.getKey();
            String common = name.startsWith("ear_") ? "ear." + name.substring(4).replace('_', '-') : name;
            flatten(path + "/" + common, member.getValue(), into);
        });
    }

    @Test
    void veraisonReadsTheLegacyDialectAndRefusesTheOther() {
        assertEquals(List.of(), EarReaders.go(claims(Dialect.EAR_LEGACY, Detail.FULL, wholeMachine())));
        assertEquals(List.of(), EarReaders.go(warning(Dialect.EAR_LEGACY)));
        assertTrue(EarReaders.go(claims(Dialect.EAR, Detail.BRIEF))
                .containsAll(List.of("eat_profile", "missing ear.verifier-id", "missing ear.status")));
    }

    /** It asks for an audience that nobody can tell it, so it takes no token that is meant for somebody. */
    @Test
    void rustEarObjectsToTheAudienceAndToNothingElse() {
        assertEquals(List.of("aud"), EarReaders.rust(claims(Dialect.EAR_LEGACY, Detail.FULL, wholeMachine())));
    }

    @Test
    void theModelOfVeraisonSeesWhatVeraisonRefuses() {
        var claims = (ObjectNode) claims(Dialect.EAR_LEGACY, Detail.BRIEF);
        claims.putArray("eat_nonce").add("12345678").add("87654321");
        ((ObjectNode) claims.path("ear.verifier-id")).put("version", "1");
        var cpu = (ObjectNode) claims.path("submods").path("cpu0");
        cpu.putArray("ear.appraisal-policy-id").add("baseline");
        ((ObjectNode) cpu.path("ear.trustworthiness-vector")).put("gpu", 2).put("hardware", 130);
        assertEquals(
                List.of(
                        "eat_nonce",
                        "ear.verifier-id: version",
                        "ear.appraisal-policy-id",
                        "ear.trustworthiness-vector: hardware",
                        "ear.trustworthiness-vector: gpu"),
                EarReaders.go(claims));
    }

    /**
     * Trustee's sample rule: refused is a submodule whose {@code ear.status} differs from affirming. In Rego a comparison
     * with what is absent is undefined, and what is undefined refuses nothing.
     */
    private static boolean ruleOfTrusteeAllows(JsonNode claims) {
        for (JsonNode submodule : claims.path("submods")) {
            JsonNode status = submodule.path("ear.status");
            if (!status.isMissingNode() && !status.asText().equals("affirming")) {
                return false;
            }
        }
        return true;
    }

    /** Fail-open on a missing status: why a relying party of the older dialect is never sent the newer. */
    @Test
    void aRuleForTheLegacyDialectWouldLetAWarningPassInTheOther() {
        assertFalse(ruleOfTrusteeAllows(warning(Dialect.EAR_LEGACY)));
        assertTrue(
                ruleOfTrusteeAllows(warning(Dialect.EAR)),
                "if this no longer holds, the reason for keeping dialects apart is gone");
        assertTrue(ruleOfTrusteeAllows(claims(Dialect.EAR_LEGACY, Detail.BRIEF)));
    }

    @ParameterizedTest
    @CsvSource({"EC, ECDH-ES+A256KW", "OKP, ECDH-ES+A256KW", "RSA, RSA-OAEP-256"})
    void trusteeFindsTheKeyWithTheAlgorithmItWrapsWith(String kind, String algorithm) {
        var key = new HashMap<>(EC_KEY);
        key.put("kty", kind);
        JsonNode claims = withKey(key);
        var copy = (ObjectNode) claims.path("tee-pubkey");
        assertEquals(algorithm, copy.path("alg").asText());
        copy.remove("alg");
        var confirmed = (ObjectNode) claims.path("cnf").path("jwk");
        assertFalse(confirmed.has("alg"), "the evidence commits to no algorithm");
        confirmed.remove("kid");
        assertEquals(confirmed, copy);
    }

    @Test
    void onlyTheLegacyDialectRepeatsTheKey() {
        assertFalse(claims(Dialect.EAR, Detail.FULL).has("tee-pubkey"));
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void nonceIsOneString(Dialect dialect) {
        assertTrue(claims(dialect, Detail.BRIEF).path("eat_nonce").isTextual());
    }

    /** With switches the older dialect is longer: it has the attested key twice. */
    @ParameterizedTest
    @CsvSource({"EAR, 8, 4096", "EAR_LEGACY, 8, 4096", "EAR, 12, 4096", "EAR_LEGACY, 12, 4352"})
    void tokensOfWholeMachinesAreShort(Dialect dialect, int devices, int limit) {
        var machine = new ArrayList<>(List.of(cpu()));
        machine.addAll(List.of(wholeMachine()).subList(0, devices));
        int length = tokenOf(dialect, Detail.BRIEF, Set.of(TrustTier.AFFIRMING), List.of(), machine)
                .length();

        assertTrue(length < limit, dialect + ": " + length);
    }
}
