package io.countersign.service.api.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.CheckReport;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.ClaimCatalogue;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.result.AdvisoryResult;
import io.countersign.verifier.result.Appraisal;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.result.CompositeCheck;
import io.countersign.verifier.result.PolicyIdentity;
import io.countersign.verifier.result.RuleResult;
import io.countersign.verifier.result.Seen;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.result.TrustworthinessVector;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules and advisories as the contract writes them. */
class ResultDocumentTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode document(Outcome outcome, Map<String, Seen> saw, AdvisoryResult... advisories) {
        return document(List.of(new RuleResult("r", "cpu0", outcome, "It is wanted.", "baseline", saw)), advisories);
    }

    private static JsonNode document(List<RuleResult> rules, AdvisoryResult... advisories) {
        return document(ResultDocument.Wanted.SHOWN, rules, advisories);
    }

    private static JsonNode document(
            ResultDocument.Wanted wanted, List<RuleResult> rules, AdvisoryResult... advisories) {
        var checks = new EnumMap<CompositeCheck, Outcome>(CompositeCheck.class);
        for (CompositeCheck check : CompositeCheck.values()) {
            checks.put(check, new Outcome.Passed("It holds."));
        }
        CheckReport report = CheckReport.covering(CompositeCheck.class, checks);
        var authentication = Authentication.conclude(
                report, () -> Claims.of(new ClaimCatalogue(List.of())).build(), NOW.plusSeconds(100));
        var result = new AttestationResult(
                NOW,
                new PolicyIdentity("mine", "1", Bytes.zeros(32)),
                new AttestationResult.Workload.Pinned(),
                Set.of(TrustTier.AFFIRMING),
                report,
                List.of(new Appraisal("cpu0", "sev-snp", authentication, new TrustworthinessVector(Map.of()))),
                rules,
                List.of(advisories),
                Binding.none(),
                Bytes.zeros(32),
                Optional.empty());
        return JSON.valueToTree(
                ResultDocument.of(result, ResultDocument.Mark.NOT_SET, ResultDocument.Mark.NOT_SET, wanted));
    }

    @Test
    void whatManyRulesSawAndWantedIsToldAsLongAsThereIsRoom() {
        var rule = new RuleResult(
                "r",
                "cpu0",
                new Outcome.Failed("e".repeat(1000), "a".repeat(1000), "Do this."),
                "It is wanted.",
                "mine",
                Map.of("cpu.debug", new Seen.Value("x".repeat(200))));
        JsonNode rules = document(java.util.Collections.nCopies(12_800, rule)).path("rules");
        assertEquals(12_800, rules.size());
        assertEquals(1000, rules.get(0).path("expected").asText().length());
        assertTrue(rules.get(0).has("saw"));
        assertFalse(rules.get(12_799).has("saw"));
        assertEquals("Do this.", rules.get(12_799).path("hint").asText());
        assertTrue(
                rules.toString().length() < 6_000_000,
                "the result has " + rules.toString().length());
    }

    @Test
    void whatRulesCompareWithIsWithheldFromWhoMayNotReadPolicies() {
        var rule = new RuleResult(
                "r",
                "cpu0",
                new Outcome.Failed("one of 0f0f", "cpu.launch_measurement = abab", "Do this."),
                "It is wanted.",
                "mine",
                Map.of("cpu.launch_measurement", new Seen.Value("abab"), "floors.amd.snp", new Seen.Value(23L)));
        JsonNode shown = document(ResultDocument.Wanted.SHOWN, List.of(rule)).at("/rules/0");
        assertEquals("one of 0f0f", shown.get("expected").asText());
        assertEquals(23, shown.at("/saw/floors.amd.snp").asInt());
        JsonNode withheld =
                document(ResultDocument.Wanted.WITHHELD, List.of(rule)).at("/rules/0");
        assertFalse(withheld.toString().contains("0f0f"), withheld::toString);
        for (String place : List.of("/expected", "/saw/floors.amd.snp")) {
            assertTrue(withheld.at(place).asText().startsWith("withheld: "), place);
        }
        assertEquals("cpu.launch_measurement = abab", withheld.get("actual").asText());
        assertEquals("abab", withheld.at("/saw/cpu.launch_measurement").asText());
        assertEquals("Do this.", withheld.get("hint").asText());
    }

    static List<Outcome> outcomes() {
        return List.of(
                new Outcome.Passed("It is wanted."),
                new Outcome.Failed("a", "b", "c"),
                new Outcome.Undetermined("a", Outcome.Cause.NOT_ASKED, "c"),
                new Outcome.NotReached(CompositeCheck.BINDING));
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void everyRuleSaysWhyAndWhoseItIsAndIsOfTheSchema(Outcome outcome) throws IOException {
        JsonNode document = document(
                outcome, Map.of("cpu.debug", new Seen.Value(true)), new AdvisoryResult("a", "cpu0", "b", "", "c"));
        JsonNode rule = document.path("rules").path(0);
        assertEquals("It is wanted.", rule.path("because").asText());
        assertEquals("baseline", rule.path("policy").asText());
        try (InputStream in =
                Objects.requireNonNull(ResultDocumentTest.class.getResourceAsStream("/schemas/result.json"))) {
            var schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(in);
            assertEquals(Set.of(), schema.validate(document));
        }
    }

    @Test
    void membersStandInTheOrderInWhichPeopleReadThem() {
        var saw = new LinkedHashMap<String, Seen>();
        saw.put("cpu.snp.vmpl", new Seen.Value(1L));
        saw.put("cpu.snp.notes", new Seen.Value(List.of("a")));
        saw.put("cpu.debug", new Seen.Absent());
        JsonNode rule =
                document(new Outcome.Failed("a", "b", "c"), saw).path("rules").path(0);
        var names = new ArrayList<String>();
        rule.fieldNames().forEachRemaining(names::add);
        assertEquals(
                List.of("name", "submodule", "outcome", "because", "expected", "actual", "hint", "saw", "policy"),
                names);
        assertEquals(
                "{\"cpu.snp.vmpl\":1,\"cpu.snp.notes\":[\"a\"],\"cpu.debug\":null}",
                rule.path("saw").toString());
    }

    @Test
    void advisoriesStandThereOnlyWhereThereAreSome() {
        assertFalse(document(new Outcome.Passed("x"), Map.of()).has("advisories"));
        JsonNode advisory = document(
                        new Outcome.Passed("x"),
                        Map.of(),
                        new AdvisoryResult("keys may leak", "cpu0", "Some leak keys.", "Read it.", "baseline"))
                .path("advisories")
                .path(0);
        assertEquals(
                "{\"name\":\"keys may leak\",\"submodule\":\"cpu0\",\"because\":\"Some leak keys.\",\"hint\":\"Read it.\","
                        + "\"policy\":\"baseline\"}",
                advisory.toString());
        assertTrue(document(new Outcome.Passed("x"), Map.of(), new AdvisoryResult("a", "cpu0", "b", "", "c"))
                .path("advisories")
                .path(0)
                .path("hint")
                .isMissingNode());
    }
}
