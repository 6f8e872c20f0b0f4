package io.countersign.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** An answer of the service; whatever is wrong with its form was noticed before a test got it. */
record Answer(int status, String mediaType, Map<String, String> headers, String text, JsonNode json) {
    /** This answer, which must be that problem. */
    Answer problem(int expectedStatus, String code) {
        assertEquals(
                expectedStatus + " " + code, status + " " + json.path("code").asText(), text);
        return this;
    }

    /** This answer, which must be a {@code request-invalid} at that place. */
    Answer invalidAt(String pointer) {
        problem(400, "request-invalid");
        assertEquals(pointer, json.path("pointer").asText("absent"), text);
        return this;
    }

    /** This answer, which must be a 200. */
    Answer ok() {
        assertEquals(200, status, text);
        return this;
    }

    String header(String name) {
        String value = headers.get(name);
        assertTrue(value != null, () -> "no header " + name + " in " + headers);
        return value;
    }

    JsonNode cpu() {
        return device("cpu0");
    }

    JsonNode device(String label) {
        return json.path("submods").path(label);
    }

    /** The outcome words of cpu0's checks by code. */
    Map<String, String> outcomes() {
        return outcomes("cpu0");
    }

    /** The outcome words of a device's checks by code. */
    Map<String, String> outcomes(String label) {
        return words(device(label).path("checks"), "code");
    }

    /** The outcome words of the composite checks by code. */
    Map<String, String> compositeOutcomes() {
        return words(json.path("checks"), "code");
    }

    /** The outcome words of the rules by name. */
    Map<String, String> rules() {
        return words(json.path("rules"), "name");
    }

    private static Map<String, String> words(JsonNode list, String name) {
        return StreamSupport.stream(list.spliterator(), false)
                .collect(Collectors.toMap(
                        entry -> entry.get(name).asText(),
                        entry -> entry.get("outcome").asText(),
                        (first, second) -> first.equals(second) ? first : first + " and " + second,
                        TreeMap::new));
    }
}
