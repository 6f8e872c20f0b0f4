package io.countersign.service.api.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** JSON as the contract takes it: UTF-8, one value, no member twice, nothing after it, no deeper than the bound. */
public final class JsonText {
    private final ObjectMapper mapper;
    private final Runnable tooDeep;

    /** Takes the deepest nesting that is read. */
    public JsonText(int depth) {
        this(depth, () -> {});
    }

    /** Takes also who is told of every text that is nested deeper. */
    public JsonText(int depth, Runnable tooDeep) {
        var factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(depth)
                        .maxNameLength(256)
                        .maxNumberLength(32)
                        .build())
                .build();
        this.mapper = new ObjectMapper(factory);
        this.tooDeep = tooDeep;
    }

    /** The object that the body holds. */
    public RequestObject object(byte[] body) throws RequestInvalidException {
        if (body.length == 0) {
            throw new RequestInvalidException("", "the body is empty; a JSON object was expected");
        }
        JsonNode root = parse(decode(body));
        return RequestObject.of("", root);
    }

    private static String decode(byte[] body) throws RequestInvalidException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException _) {
            throw new RequestInvalidException("", "the body is not UTF-8");
        }
    }

    private JsonNode parse(String text) throws RequestInvalidException {
        try (JsonParser parser = mapper.createParser(text)) {
            try {
                JsonNode root = mapper.readTree(parser);
                if (root == null || root.isMissingNode()) {
                    throw new RequestInvalidException("", "the body is empty; a JSON object was expected");
                }
                if (parser.nextToken() != null) {
                    throw new RequestInvalidException("", "something follows the JSON object");
                }
                return root;
            } catch (JsonProcessingException e) {
                var at = e.getLocation();
                throw new RequestInvalidException(
                        parser.getParsingContext().pathAsPointer().toString(),
                        at == null
                                ? firstSentence(e)
                                : "%s (line %d, column %d)"
                                        .formatted(firstSentence(e), at.getLineNr(), at.getColumnNr()));
            }
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory cannot fail", e);
        }
    }

    /** Jackson's message without its advice for programmers. */
    private String firstSentence(JsonProcessingException e) {
        String message = e.getOriginalMessage();
        if (message.startsWith("Duplicate field")) {
            return "a member stands twice: "
                    + message.substring(message.indexOf('\'')).replace("'", "\"");
        }
        if (message.contains("nesting depth")) {
            tooDeep.run();
            return "the body is nested too deeply";
        }
        return "the body is not JSON";
    }
}
