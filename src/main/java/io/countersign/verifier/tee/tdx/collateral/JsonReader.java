package io.countersign.verifier.tee.tdx.collateral;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads one JSON object from bytes: UTF-8 without a byte order mark, no member twice, nothing but white space around it, and
 * everything bounded. RFC 8259.
 */
final class JsonReader {
    /** Genuine documents have 3 to 10 kB. */
    static final int MOST_BYTES = 1 << 20;

    static final int MOST_DEPTH = 16;

    /** Genuine documents have about 2,000 values at most. */
    private static final int MOST_VALUES = 50_000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Names are the sender's choice: they do not go into the table of strings that lives as long as the
            // process.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MOST_DEPTH)
                    .maxDocumentLength(MOST_BYTES)
                    .maxNameLength(128)
                    .maxNumberLength(32)
                    .maxStringLength(4096)
                    .build())
            .build();

    private final String document;
    private final byte[] bytes;
    private final JsonParser parser;
    private int values;

    private JsonReader(String document, byte[] bytes, JsonParser parser) {
        this.document = document;
        this.bytes = bytes;
        this.parser = parser;
    }

    /**
     * The object that the bytes hold.
     *
     * @param document what the bytes are meant to be, for messages
     */
    static JsonObject object(String document, Bytes text) throws MalformedCollateralException {
        if (text.length() > MOST_BYTES) {
            throw new MalformedCollateralException(
                    "%s has %d bytes; at most %d are read".formatted(document, text.length(), MOST_BYTES));
        }
        byte[] bytes = text.toByteArray();
        requireUtf8(document, bytes);
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            return new JsonReader(document, bytes, parser).whole();
        } catch (JsonProcessingException e) {
            throw malformed(document, e);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory cannot fail", e);
        }
    }

    /** Before any parser sees the bytes: a parser that guesses encodings takes zero bytes for those of UTF-16 or UTF-32. */
    private static void requireUtf8(String document, byte[] bytes) throws MalformedCollateralException {
        for (byte each : bytes) {
            if (each == 0) {
                throw new MalformedCollateralException(document + " holds a zero byte; JSON in UTF-8 was expected");
            }
        }
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException _) {
            throw new MalformedCollateralException(document + " is not UTF-8");
        }
        if (bytes.length >= 1 && (bytes[0] & 0xFF) == 0xEF) {
            throw new MalformedCollateralException(document + " begins with a byte order mark; Intel writes none");
        }
    }

    private JsonObject whole() throws IOException, MalformedCollateralException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new MalformedCollateralException(
                    document + " does not begin with a brace; a JSON object was expected");
        }
        JsonObject object = object();
        if (parser.nextToken() != null) {
            throw new MalformedCollateralException("%s: something follows the object at byte %d"
                    .formatted(document, parser.currentTokenLocation().getByteOffset()));
        }
        return object;
    }

    private JsonObject object() throws IOException, MalformedCollateralException {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        Map<String, Json> members = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            members.put(name, value(parser.nextToken()));
        }
        int end = (int) parser.currentLocation().getByteOffset();
        // What is signed is cut out by these offsets, so they are not taken on trust.
        if (bytes[start] != '{' || bytes[end - 1] != '}') {
            throw new IllegalStateException("the parser counts bytes differently: " + start + " to " + end);
        }
        return JsonObject.at(start, end, members);
    }

    private Json value(JsonToken token) throws IOException, MalformedCollateralException {
        values++;
        if (values > MOST_VALUES) {
            throw new MalformedCollateralException(
                    "%s holds more than %d values; Intel's hold far fewer".formatted(document, MOST_VALUES));
        }
        return switch (token) {
            case START_OBJECT -> object();
            case START_ARRAY -> items();
            case VALUE_STRING -> new Json.Text(parser.getText());
            case VALUE_NUMBER_INT -> new Json.Digits(parser.getText());
            default -> new Json.Literal(parser.getText());
        };
    }

    private Json.Items items() throws IOException, MalformedCollateralException {
        var items = new ArrayList<Json>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            items.add(value(token));
        }
        return new Json.Items(items);
    }

    private static MalformedCollateralException malformed(String document, JsonProcessingException e) {
        String said = e.getOriginalMessage();
        String why;
        if (said.startsWith("Duplicate field")) {
            why = "a member stands twice";
        } else if (e instanceof com.fasterxml.jackson.core.exc.StreamConstraintsException) {
            why = "it is nested too deeply, or a name, string or number in it is too long";
        } else {
            why = "it is not JSON";
        }
        var at = e.getLocation();
        return new MalformedCollateralException(
                at == null || at.getByteOffset() < 0
                        ? document + ": " + why
                        : "%s: %s (at byte %d)".formatted(document, why, at.getByteOffset()));
    }
}
