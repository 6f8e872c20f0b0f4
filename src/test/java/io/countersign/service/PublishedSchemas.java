package io.countersign.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Holds requests and answers against the schemas that the service publishes. */
final class PublishedSchemas {
    private static final Map<String, JsonSchema> READ = new ConcurrentHashMap<>();

    private PublishedSchemas() {}

    /** What the service took must be in its schemas, and so must what it answered. */
    static void judge(String path, JsonNode body, Answer answer) {
        String definition =
                switch (path) {
                    case "/v1/attestations" -> "attestation-request";
                    case "/v1/appraisals" -> "appraisal-request";
                    default -> "";
                };
        if (definition.isEmpty()) {
            return;
        }
        boolean refused = answer.json().path("code").asText().equals("appraisal-refused");
        if (answer.status() == 200 || refused) {
            assertFits("request", "#/$defs/" + definition, body);
        }
        if (answer.status() == 200 && answer.json().isObject()) {
            assertFits("result", "", answer.json());
        } else if (refused) {
            assertFits("result", "#/$defs/refusal-problem", answer.json());
        } else if (answer.status() >= 400) {
            assertFits("result", "#/$defs/problem-body", answer.json());
        }
    }

    static void assertFits(String schema, String fragment, JsonNode document) {
        assertEquals(Set.of(), misfits(schema, fragment, document), document::toString);
    }

    static Set<String> misfits(String schema, String fragment, JsonNode document) {
        return READ.computeIfAbsent(schema + fragment, _ -> read(schema, fragment)).validate(document).stream()
                .map(ValidationMessage::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static JsonSchema read(String name, String fragment) {
        try (InputStream in = PublishedSchemas.class.getResourceAsStream("/schemas/" + name + ".json")) {
            var factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
            var config = SchemaValidatorsConfig.builder()
                    .formatAssertionsEnabled(true)
                    .build();
            JsonSchema whole = factory.getSchema(
                    Http.parse(new String(
                            Objects.requireNonNull(in).readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)),
                    config);
            return fragment.isEmpty()
                    ? whole
                    : whole.getSubSchema(
                            new com.networknt.schema.JsonNodePath(com.networknt.schema.PathType.JSON_POINTER)
                                    .append("$defs")
                                    .append(fragment.substring("#/$defs/".length())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
