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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema that editors read says what the parser says. */
class PolicySchemaTest {
    private static JsonNode schema() throws IOException {
        return schema("policy");
    }

    private static JsonNode schema(String name) throws IOException {
        try (var in = PolicySchemaTest.class.getResourceAsStream("/schemas/" + name + ".json")) {
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
                members(schema.path("$defs").path("references").path("additionalProperties")));
    }

    @Test
    void membersOfTestsAndAdvisoriesAreThoseTheParserKnows() throws IOException {
        JsonNode properties = schema().path("properties");
        JsonNode tests = properties.path("tests").path("items");
        assertEquals(Set.copyOf(TestReader.MEMBERS), members(tests));
        JsonNode expect = tests.path("properties").path("expect");
        assertEquals(Set.copyOf(TestReader.EXPECT_MEMBERS), members(expect));
        assertEquals(Set.copyOf(TestReader.STATUSES), words(expect.at("/properties/status/enum")));
        assertEquals(Set.copyOf(TestReader.OUTCOMES), words(expect.at("/properties/rules/additionalProperties/enum")));
        assertEquals(
                Set.copyOf(AdvisoryReader.MEMBERS),
                members(properties.path("advisories").path("items")));
    }

    private static Set<String> words(JsonNode list) {
        var words = new HashSet<String>();
        list.forEach(word -> words.add(word.asText()));
        return words;
    }

    @ParameterizedTest
    @ValueSource(strings = {"policy", "values"})
    void membersOfFloorsAndValuesAreThoseTheParserKnows(String name) throws IOException {
        JsonNode defs = schema(name).path("$defs");
        JsonNode table = defs.path("floors").path("additionalProperties");
        assertEquals(Set.copyOf(FloorReader.MEMBERS), members(table));
        assertEquals(Set.copyOf(FloorReader.ROW_MEMBERS), members(table.at("/properties/rows/items")));
        JsonNode set = defs.path("references").path("additionalProperties");
        assertEquals(Set.copyOf(ReferenceReader.MEMBERS), members(set));
        assertEquals(Set.copyOf(ReferenceReader.VALUE_MEMBERS), members(set.at("/properties/values/items/oneOf/1")));
    }

    @Test
    void membersOfValuesFilesAreThoseTheParserKnows() throws IOException {
        assertEquals(Set.copyOf(ValuesReader.MEMBERS), members(schema("values")));
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
