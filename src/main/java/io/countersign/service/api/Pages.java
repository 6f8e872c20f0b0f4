package io.countersign.service.api;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Fixed documents that are packed into the service. */
final class Pages {
    private Pages() {}

    static Response of(String resource, String mediaType) {
        try (InputStream in = Pages.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new CountersignException(
                        ProblemCode.NOT_FOUND,
                        "There is no page of that name.",
                        "GET /q/openapi lists what is offered.");
            }
            return Response.ok(in.readAllBytes(), mediaType)
                    .header("Cache-Control", "public, max-age=300")
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
