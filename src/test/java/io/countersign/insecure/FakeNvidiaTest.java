package io.countersign.insecure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.testkit.FakeNvidia;
import io.countersign.testkit.SoftwareNvidias;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.junit.jupiter.api.Test;

class FakeNvidiaTest {
    @Test
    void servesRimsByIdAndRefusesWhatIsNoOcspRequest() throws Exception {
        var nvidia = SoftwareNvidias.trusted();
        try (var server = new FakeNvidia(new NvidiaServices(nvidia).knows(nvidia.h100("served")));
                var client = HttpClient.newHttpClient()) {
            var found = client.send(
                    HttpRequest.newBuilder(server.url().resolve("/v1/rim/NV_GPU_DRIVER_GH100_580.82.07"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(200, found.statusCode());
            assertTrue(found.body().startsWith("{\"id\":\"NV_GPU_DRIVER_GH100_580.82.07\",\"rim\":\""));
            var missing = client.send(
                    HttpRequest.newBuilder(server.url().resolve("/v1/rim/NV_GPU_DRIVER_GH100_1"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(404, missing.statusCode());
            var refused = client.send(
                    HttpRequest.newBuilder(server.url().resolve("/"))
                            .POST(HttpRequest.BodyPublishers.ofString("no request"))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertEquals(
                    1,
                    OCSPResponse.getInstance(refused.body()).getResponseStatus().getIntValue());
            assertEquals(
                    List.of("GET /v1/rim/NV_GPU_DRIVER_GH100_580.82.07", "GET /v1/rim/NV_GPU_DRIVER_GH100_1", "POST /"),
                    server.asked());
        }
    }
}
