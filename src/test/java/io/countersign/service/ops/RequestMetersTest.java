package io.countersign.service.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestMetersTest {
    /** The label that a request has, for what the framework makes of its path. */
    @ParameterizedTest
    @CsvSource({
        "401, /v1/strange, (others)",
        "413, /strange, (others)",
        "405, /v1/schemas/strange.json, /v1/schemas/{name}.json",
        "403, /v1/policies/strange, /v1/policies/{id}",
        "403, /v1/policies/{id}, /v1/policies/{id}",
        "400, /v1/attestations, /v1/attestations",
        "503, /v1/attestations, /v1/attestations",
        "404, NOT_FOUND, NOT_FOUND",
        "200, /v1/policies/{id}, /v1/policies/{id}",
    })
    void aRefusedRequestCountsByItsRouteAndNeverByWhatAStrangerWrote(String status, String path, String label) {
        var id = new Meter.Id(
                "http.server.requests",
                Tags.of(Tag.of("method", "GET"), Tag.of("uri", path), Tag.of("status", status)),
                "",
                "",
                Meter.Type.TIMER);
        assertEquals(label, new RequestMeters().map(id).getTag("uri"));
    }
}
