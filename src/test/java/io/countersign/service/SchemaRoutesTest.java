package io.countersign.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schemas that are published, and that they say no when they should. */
@QuarkusTest
@TestProfile(Laboratory.class)
class SchemaRoutesTest {
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    @ParameterizedTest
    @ValueSource(strings = {"request", "result", "policy", "values", "claims"})
    void everySchemaIsServedAndIsOne(String name) {
        Answer answer = Http.get("/v1/schemas/" + name + ".json").ok();
        assertTrue(answer.mediaType().startsWith("application/schema+json"), answer.mediaType());
        assertEquals(
                "https://json-schema.org/draft/2020-12/schema",
                answer.json().get("$schema").asText());
        JsonNode meta = Http.parse("{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}");
        assertEquals(Set.of(), FACTORY.getSchema(meta).validate(answer.json()));
    }

    @Test
    void theSchemaOfRequestsRefusesWhatTheServiceRefuses() {
        var body = RequestBodies.appraisal();
        assertEquals(Set.of(), PublishedSchemas.misfits("request", "#/$defs/appraisal-request", body));
        assertFalse(PublishedSchemas.misfits(
                        "request", "#/$defs/appraisal-request", body.deepCopy().put("polcy", "x"))
                .isEmpty());
        assertFalse(PublishedSchemas.misfits("request", "#/$defs/attestation-request", body)
                .isEmpty());
        assertFalse(PublishedSchemas.misfits(
                        "request", "#/$defs/appraisal-request", body.deepCopy().put("binding", "x"))
                .isEmpty());
    }

    @Test
    void theSchemaOfResultsRefusesOtherWords() {
        String result =
                Http.post("/v1/appraisals", RequestBodies.appraisal()).ok().text();
        assertEquals(Set.of(), PublishedSchemas.misfits("result", "", Http.parse(result)));
        for (String word :
                new String[] {"\"status\":\"affirming\"", "\"outcome\":\"passed\"", "\"because\"", "\"evaluated_at\""
                }) {
            JsonNode spoilt = Http.parse(result.replace(word, word.substring(0, word.length() - 1) + "x\""));
            assertFalse(PublishedSchemas.misfits("result", "", spoilt).isEmpty(), word);
        }
    }

    @Test
    void theClaimsOfAResultFitTheSchemaOfClaims() {
        JsonNode schema = Http.get("/v1/schemas/claims.json").json();
        JsonNode claims = Http.post("/v1/appraisals", RequestBodies.appraisal())
                .ok()
                .cpu()
                .get("claims");
        assertEquals(
                Set.of(),
                FACTORY.getSchema(schema).validate(claims).stream()
                        .map(Object::toString)
                        .collect(Collectors.toSet()));
        JsonNode spoilt = Http.parse(claims.toString().replaceFirst("\"debug\":false", "\"debug\":\"false\""));
        assertFalse(FACTORY.getSchema(schema).validate(spoilt).isEmpty());
    }
}
