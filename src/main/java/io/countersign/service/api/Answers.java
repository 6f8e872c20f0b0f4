package io.countersign.service.api;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/** Answers of plain documents. */
final class Answers {
    private Answers() {}

    /** An answer to one request, which nobody may keep. */
    static Response fresh(Map<String, Object> document) {
        return Response.ok(Json.write(document), MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    /** A document that may be kept for some seconds. */
    static Response cacheable(Map<String, Object> document, int seconds) {
        return Response.ok(Json.write(document), MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "public, max-age=" + seconds)
                .build();
    }
}
