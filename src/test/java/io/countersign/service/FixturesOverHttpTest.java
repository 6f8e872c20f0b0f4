package io.countersign.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.testkit.Fixtures;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every fixture, sent as it stands in its file. */
@QuarkusTest
@TestProfile(Laboratory.class)
class FixturesOverHttpTest {
    static List<Fixtures.Case> cases() {
        List<Fixtures.Case> cases = Stream.of("sev-snp", "intel-tdx", "intel-sgx", "nvidia-gpu")
                .flatMap(folder -> Fixtures.cases(folder).stream())
                .toList();
        assertTrue(cases.size() > 750, "some fixtures are missing");
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void endsAsItsFileSays(Fixtures.Case fixture) {
        Fixtures.Expected expected = fixture.expected();
        Answer answer = Http.post("/v1/appraisals", fixture.request());
        assertEquals(expected.status(), answer.status(), answer.text());
        if (expected.problem().isPresent()) {
            answer.problem(expected.status(), expected.problem().get());
            assertEquals(expected.device(), answer.json().path("submodule").asText());
            return;
        }
        assertEquals(
                expected.authenticity().orElseThrow(),
                answer.device(expected.device()).path("authenticity").asText(),
                answer.text());
        var outcomes = answer.outcomes(expected.device());
        outcomes.putAll(answer.compositeOutcomes());
        expected.checks()
                .forEach((code, word) -> assertEquals(word, outcomes.get(code), () -> code + " in " + answer.text()));
        expected.rules()
                .forEach((name, word) -> assertTrue(
                        String.valueOf(answer.rules().get(name)).contains(word), () -> name + " in " + answer.text()));
        expected.claims()
                .forEach((path, value) -> assertEquals(
                        value,
                        answer.device(expected.device())
                                .at("/claims/" + path.replace('.', '/'))
                                .asText(),
                        () -> path + " in " + answer.text()));
        expected.affirming()
                .ifPresent(affirming -> assertEquals(
                        affirming, answer.json().path("status").asText().equals("affirming"), answer.text()));
        assertEquals(
                !expected.authenticity().get().equals("rejected"),
                answer.device(expected.device()).has("claims"),
                answer.text());
        assertTrue(answer.json().path("insecure").booleanValue());
        assertTrue(!answer.json().has("token"));
    }
}
