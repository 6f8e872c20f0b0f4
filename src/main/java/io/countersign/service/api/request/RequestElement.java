package io.countersign.service.api.request;

import com.fasterxml.jackson.databind.JsonNode;

/** One element of an array, with its place; whether it is an object shows when it is read. */
public final class RequestElement {
    private final String pointer;
    private final JsonNode node;

    RequestElement(String pointer, JsonNode node) {
        this.pointer = pointer;
        this.node = node;
    }

    public RequestObject object() throws RequestInvalidException {
        return RequestObject.of(pointer, node);
    }
}
