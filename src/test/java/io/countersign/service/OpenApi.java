package io.countersign.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The reviewed contract, {@code META-INF/openapi.yaml}. */
final class OpenApi {
    static final JsonNode REVIEWED = read();

    private OpenApi() {}

    private static JsonNode read() {
        try (InputStream in = OpenApi.class.getResourceAsStream("/META-INF/openapi.yaml")) {
            return new YAMLMapper().readTree(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Holds a document against a schema of the contract's components. */
    static void assertFits(String component, JsonNode document) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("$ref", "#/components/schemas/" + component);
        schema.set("components", REVIEWED.get("components"));
        var misfits =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(schema)
                        .validate(document)
                        .stream()
                        .map(Object::toString)
                        .collect(Collectors.toSet());
        assertEquals(Set.of(), misfits, document::toString);
    }
}
