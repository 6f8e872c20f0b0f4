package io.countersign.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Clients that offer HTTP/2, as Java's own does unless told otherwise, are answered over HTTP/1.1. */
@QuarkusTest
@TestProfile(Laboratory.class)
class UpgradeTest {
    @Test
    void clientThatOffersHttp2GetsItsChallengeOverHttp11() throws Exception {
        var challenges = URI.create("http://localhost:" + RestAssured.port + "/v1/challenges");
        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            var request = HttpRequest.newBuilder(challenges)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"audience\":\"https://kms.example\"}"))
                    .build();
            var response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals(200, response.statusCode(), response.body());
            assertEquals(HttpClient.Version.HTTP_1_1, response.version());
        }
    }
}
