package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.verifier.result.TrustworthinessClaim;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The schema that editors read says what the parser says. */
class PolicySchemaTest {
    private static JsonNode schema() throws IOException {
        try (var in = PolicySchemaTest.class.getResourceAsStream("/schemas/policy.json")) {
            return new ObjectMapper().readTree(in);
        }
    }

    private static Set<String> members(JsonNode of) {
        assertFalse(of.path("additionalProperties").asBoolean(true), "unknown members are refused");
        var names = new HashSet<String>();
        of.path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void membersAreThoseTheParserKnows() throws IOException {
        JsonNode schema = schema();
        JsonNode properties = schema.path("properties");
        assertEquals(Set.copyOf(PolicyReader.MEMBERS), members(schema));
        assertEquals(
                Set.copyOf(RuleReader.MEMBERS), members(properties.path("rules").path("items")));
        assertEquals(Set.copyOf(ToleranceReader.MEMBERS), members(properties.path("tolerate")));
        assertEquals(
                Set.copyOf(ReferenceReader.MEMBERS),
                members(properties.path("references").path("additionalProperties")));
    }

    @Test
    void ruleNeedsTheMembersThatTheParserDemands() throws IOException {
        var required = new TreeSet<String>();
        schema().path("properties")
                .path("rules")
                .path("items")
                .path("required")
                .forEach(name -> required.add(name.asText()));
        for (String member : RuleReader.MEMBERS) {
            String rule = Stream.of("name: n", "for: cpu", "require: '!cpu.debug'", "sets: hardware", "because: b")
                    .filter(line -> !line.startsWith(member + ":"))
                    .collect(Collectors.joining(", ", "rules: [{", "}]\n"));
            String source = "policy: p\nversion: 'v'\nsummary: s\nexpect: { cpu: { types: [sev-snp] } }\n" + rule;
            boolean refused = Bench.PARSER.parse(source, PolicyParser.Library.empty()) instanceof PolicyReading.Refused;
            assertEquals(required.contains(member), refused, member);
        }
    }

    @Test
    void claimsThatRulesSetAreThoseOfAr4si() throws IOException {
        var words = new TreeSet<String>();
        schema().path("properties")
                .path("rules")
                .path("items")
                .path("properties")
                .path("sets")
                .path("enum")
                .forEach(word -> words.add(word.asText()));
        assertEquals(
                Stream.of(TrustworthinessClaim.values())
                        .map(TrustworthinessClaim::word)
                        .collect(Collectors.toCollection(TreeSet::new)),
                words);
    }
}
