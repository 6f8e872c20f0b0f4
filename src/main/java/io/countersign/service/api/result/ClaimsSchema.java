package io.countersign.service.api.result;

import io.countersign.verifier.claim.ClaimDefinition;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.scheme.AttestationScheme;
import io.countersign.verifier.scheme.Schemes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON Schema (2020-12) of every claim that the schemes of this service can make, written from their catalogues. */
public final class ClaimsSchema {
    private ClaimsSchema() {}

    public static Map<String, Object> of(Schemes schemes) {
        var definitions = new LinkedHashMap<String, Object>();
        for (AttestationScheme<?> scheme : schemes.all()) {
            Map<String, Object> root = object();
            scheme.claims().definitions().forEach(definition -> place(root, definition));
            definitions.put(scheme.id(), root);
        }
        var schema = new LinkedHashMap<String, Object>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "Claims by evidence type");
        schema.put("$defs", definitions);
        schema.put(
                "anyOf",
                definitions.keySet().stream()
                        .map(id -> Map.of("$ref", "#/$defs/" + id))
                        .toList());
        return schema;
    }

    private static Map<String, Object> object() {
        var object = new LinkedHashMap<String, Object>();
        object.put("type", "object");
        object.put("additionalProperties", false);
        object.put("properties", new LinkedHashMap<String, Object>());
        return object;
    }

    private static void place(Map<String, Object> root, ClaimDefinition definition) {
        Map<String, Object> parent = root;
        List<String> steps = List.of(definition.path().split("\\.", -1));
        for (String step : steps.subList(0, steps.size() - 1)) {
            parent = child(properties(parent), step);
        }
        Map<String, Object> leaf = type(definition.type());
        leaf.put("description", definition.meaning());
        properties(parent).put(steps.getLast(), leaf);
    }

    @SuppressWarnings("unchecked") // every "properties" was made by object()
    private static Map<String, Object> properties(Map<String, Object> object) {
        return (Map<String, Object>) object.computeIfAbsent("properties", _ -> new LinkedHashMap<String, Object>());
    }

    @SuppressWarnings("unchecked") // every child was made by object()
    private static Map<String, Object> child(Map<String, Object> properties, String name) {
        return (Map<String, Object>) properties.computeIfAbsent(name, _ -> object());
    }

    private static Map<String, Object> type(ClaimType type) {
        var schema = new LinkedHashMap<String, Object>();
        switch (type) {
            case ClaimType.Flag _ -> schema.put("type", "boolean");
            case ClaimType.UnsignedInteger _ -> {
                schema.put("type", "integer");
                schema.put("minimum", 0);
            }
            case ClaimType.Text _ -> schema.put("type", "string");
            case ClaimType.Word(var words) -> {
                schema.put("type", "string");
                schema.put("enum", words);
            }
            case ClaimType.Version _ -> {
                schema.put("type", "string");
                schema.put("pattern", "^[0-9]+\\.[0-9]+\\.[0-9]+$");
            }
            case ClaimType.Hex(var length) -> {
                schema.put("type", "string");
                schema.put("pattern", "^[0-9a-f]{%d}$".formatted(2 * length));
            }
            case ClaimType.TextList _ -> {
                schema.put("type", "array");
                schema.put("items", Map.of("type", "string"));
            }
            case ClaimType.UnsignedIntegerList _ -> {
                schema.put("type", "array");
                schema.put("items", Map.of("type", "integer", "minimum", 0));
            }
            case ClaimType.Time _ -> {
                schema.put("type", "string");
                schema.put("format", "date-time");
            }
        }
        return schema;
    }
}
