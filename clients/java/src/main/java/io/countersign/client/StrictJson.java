package io.countersign.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** JSON with one reading: no duplicate members, nothing after the value, bounded depth and lengths. */
public final class StrictJson {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_TEXT = 8 * 1024 * 1024;
    private static final int MAX_DIGITS = 64;
    private static final int MAX_NAME = 1024;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(MAX_TEXT)
                            .maxNumberLength(MAX_DIGITS)
                            .maxNameLength(MAX_NAME)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private StrictJson() {}

    /** The text is not JSON of the strict kind. */
    public static final class NotStrictException extends Exception {
        private static final long serialVersionUID = 1L;

        NotStrictException(String message) {
            super(message);
        }
    }

    /** Reads any value. */
    public static JsonNode value(String text) throws NotStrictException {
        try {
            JsonNode value = MAPPER.readTree(text);
            if (value == null || value.isMissingNode()) {
                throw new NotStrictException("there is no JSON value");
            }
            return value;
        } catch (JsonProcessingException e) {
            // Jackson's own words may quote the text, which may be secret; the place is enough to find it.
            var place = e.getLocation();
            String kind = e.getOriginalMessage().startsWith("Duplicate field") ? "a member stands twice" : "not JSON";
            throw new NotStrictException(
                    place == null ? kind : kind + " at line " + place.getLineNr() + ", column " + place.getColumnNr());
        }
    }

    /** Reads an object. */
    public static ObjectNode object(String text) throws NotStrictException {
        if (value(text) instanceof ObjectNode object) {
            return object;
        }
        throw new NotStrictException("the value is not an object");
    }

    /** A new object, to be filled. */
    public static ObjectNode newObject() {
        return MAPPER.createObjectNode();
    }

    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain values are always JSON", e);
        }
    }

    /** The member's text; empty when it is absent or not a text. */
    public static Optional<String> text(JsonNode object, String member) {
        JsonNode value = object.get(member);
        return value != null && value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
    }

    /** An object as a map that nobody can change, all the way down. */
    public static Map<String, Object> map(ObjectNode object) {
        var map = new LinkedHashMap<String, Object>();
        object.properties()
                .forEach(member -> plain(member.getValue()).ifPresent(value -> map.put(member.getKey(), value)));
        return Collections.unmodifiableMap(map);
    }

    /** Empty for null, which says no more than an absent member. */
    private static Optional<Object> plain(JsonNode value) {
        if (value instanceof ObjectNode object) {
            return Optional.of(map(object));
        }
        if (value.isArray()) {
            List<Object> items = new ArrayList<>();
            value.forEach(item -> plain(item).ifPresent(items::add));
            return Optional.of(Collections.unmodifiableList(items));
        }
        if (value.isNull()) {
            return Optional.empty();
        }
        if (value.isBoolean()) {
            return Optional.of(value.booleanValue());
        }
        return Optional.of(value.isNumber() ? value.numberValue() : value.asText());
    }
}
