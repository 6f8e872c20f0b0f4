package io.countersign.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Requests of the project's fixtures, as fixtures/README.md describes them. */
record Fixtures(Path folder) {
    private static final ObjectMapper JSON = new ObjectMapper();

    Path anchors() {
        return folder.resolve("insecure-anchors.pem");
    }

    /** The request of this case, each {@code "@<file>"} replaced by the text of that file. */
    String request(String name) throws IOException {
        Path place = folder.resolve(name);
        return filled(JSON.readTree(Files.readString(place.resolve("case.json"))), place)
                .toString();
    }

    private static JsonNode filled(JsonNode node, Path place) throws IOException {
        return switch (node) {
            case ObjectNode object -> {
                for (var member : object.properties()) {
                    member.setValue(filled(member.getValue(), place));
                }
                yield object;
            }
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    array.set(i, filled(array.get(i), place));
                }
                yield array;
            }
            case TextNode text
            when text.asText().startsWith("@") ->
                TextNode.valueOf(Files.readString(place.resolve(text.asText().substring(1))));
            default -> node;
        };
    }
}
