package io.countersign.service.api.request;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One JSON object of a request with its place; members are read by name, and every other member is refused. */
public final class RequestObject {
    private final String pointer;
    private final JsonNode node;

    private RequestObject(String pointer, JsonNode node) {
        this.pointer = pointer;
        this.node = node;
    }

    static RequestObject of(String pointer, JsonNode node) throws RequestInvalidException {
        if (!node.isObject()) {
            throw new RequestInvalidException(pointer, "a JSON object was expected");
        }
        return new RequestObject(pointer, node);
    }

    public String pointer() {
        return pointer;
    }

    /** The place of a member of this object. */
    public String pointerTo(String member) {
        return pointer + "/" + member.replace("~", "~0").replace("/", "~1");
    }

    /** Refuses the first member that is not among the given names. */
    public void onlyMembers(List<String> names) throws RequestInvalidException {
        for (String name : names()) {
            if (!names.contains(name)) {
                throw new RequestInvalidException(
                        pointerTo(name), "no member of this name is read here; known are " + String.join(", ", names));
            }
        }
    }

    public List<String> names() {
        var names = new ArrayList<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    public boolean has(String member) {
        return node.has(member);
    }

    public Optional<String> text(String member) throws RequestInvalidException {
        JsonNode value = node.get(member);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw new RequestInvalidException(pointerTo(member), "a string was expected");
        }
        return Optional.of(value.textValue());
    }

    public String requiredText(String member) throws RequestInvalidException {
        return text(member)
                .orElseThrow(() -> new RequestInvalidException(pointerTo(member), "this member is required"));
    }

    public Optional<RequestObject> object(String member) throws RequestInvalidException {
        JsonNode value = node.get(member);
        return value == null ? Optional.empty() : Optional.of(of(pointerTo(member), value));
    }

    /** Decodes a base64 or base64url member. */
    public Optional<Bytes> binary(String member) throws RequestInvalidException {
        Optional<String> text = text(member);
        return text.isEmpty() ? Optional.empty() : Optional.of(Base64Text.decode(pointerTo(member), text.get()));
    }

    /** Decodes a member that is an array of base64 or base64url texts. */
    public List<Bytes> binaries(String member) throws RequestInvalidException {
        JsonNode value = node.get(member);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw new RequestInvalidException(pointerTo(member), "an array of strings was expected");
        }
        var decoded = new ArrayList<Bytes>();
        for (int i = 0; i < value.size(); i++) {
            String pointer = pointerTo(member) + "/" + i;
            decoded.add(Base64Text.decode(pointer, someText(pointer, value.get(i))));
        }
        return decoded;
    }

    /** The elements of a member that is an array and required, each to be read by itself. */
    public List<RequestElement> elements(String member) throws RequestInvalidException {
        JsonNode value = node.get(member);
        if (value == null) {
            throw new RequestInvalidException(pointerTo(member), "this member is required");
        }
        if (!value.isArray()) {
            throw new RequestInvalidException(pointerTo(member), "an array was expected");
        }
        var elements = new ArrayList<RequestElement>();
        for (int i = 0; i < value.size(); i++) {
            elements.add(new RequestElement(pointerTo(member) + "/" + i, value.get(i)));
        }
        return elements;
    }

    /** Reads a member that is one document, or an array of them, each as literal XML or in base64. */
    public List<Bytes> documents(String member) throws RequestInvalidException {
        JsonNode value = node.get(member);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            return List.of(document(pointerTo(member), value));
        }
        var documents = new ArrayList<Bytes>();
        for (int i = 0; i < value.size(); i++) {
            documents.add(document(pointerTo(member) + "/" + i, value.get(i)));
        }
        return documents;
    }

    private static Bytes document(String pointer, JsonNode value) throws RequestInvalidException {
        String text = someText(pointer, value);
        return text.startsWith("<") ? Bytes.utf8(text) : Base64Text.decode(pointer, text);
    }

    private static String someText(String pointer, JsonNode value) throws RequestInvalidException {
        if (!value.isTextual()) {
            throw new RequestInvalidException(pointer, "a string was expected");
        }
        if (value.textValue().isEmpty()) {
            throw new RequestInvalidException(
                    pointer, "something was expected here; leave the member out if there is nothing");
        }
        return value.textValue();
    }

    /** Every member as plain Java values, for a JWK. */
    public Map<String, Object> plainMembers() throws RequestInvalidException {
        var members = new LinkedHashMap<String, Object>();
        for (String name : names()) {
            members.put(name, requiredText(name));
        }
        return members;
    }
}
