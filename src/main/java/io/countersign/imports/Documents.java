package io.countersign.imports;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Files of measurements as text or JSON: UTF-8, bounded, no member twice. */
final class Documents {
    private static final int MAX_BYTES = 1024 * 1024;
    private static final int MAX_DEPTH = 32;

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(1024)
                    .maxNumberLength(64)
                    .build())
            .build());

    private Documents() {}

    static String text(String file, Bytes content) throws ImportException {
        if (content.length() > MAX_BYTES) {
            throw new ImportException(
                    file,
                    "",
                    "it has %d bytes; at most %d are read. Is it a list of measurements?"
                            .formatted(content.length(), MAX_BYTES));
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content.toByteArray()))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException _) {
            throw new ImportException(
                    file, "", "it is not text in UTF-8. Give the list as text or JSON, not as raw bytes.");
        }
    }

    static boolean looksLikeJson(String text) {
        String start = text.stripLeading();
        return start.startsWith("{") || start.startsWith("[");
    }

    static JsonNode json(String file, String text) throws ImportException {
        try (JsonParser parser = MAPPER.createParser(text)) {
            JsonNode root = MAPPER.readTree(parser);
            if (parser.nextToken() != null) {
                throw new ImportException(file, "", "something follows the JSON value. Put one value into the file.");
            }
            return root;
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            String problem = e.getOriginalMessage().startsWith("Duplicate field")
                    ? "a member stands twice. Remove one of them."
                    : "it begins like JSON and is not; or it nests deeper than %d.".formatted(MAX_DEPTH);
            throw new ImportException(
                    file, at == null ? "" : "line %d, column %d".formatted(at.getLineNr(), at.getColumnNr()), problem);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory cannot fail", e);
        }
    }
}
