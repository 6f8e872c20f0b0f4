package io.countersign.service;

import static io.countersign.service.RequestBodies.APPRAISALS;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where no proxy is trusted, nobody says on somebody's behalf where he comes from. */
@QuarkusTest
@TestProfile(LimitedDirectly.class)
class DirectClientsTest {
    private static Answer appraise(Map<String, String> headers) {
        return Http.post(APPRAISALS, RequestBodies.appraisal().toString().getBytes(UTF_8), headers);
    }

    @Test
    void aStrangersWordAboutItsAddressIsNotTaken() {
        appraise(Map.of("X-Forwarded-For", "198.51.100.1")).ok();
        appraise(Map.of("X-Forwarded-For", "198.51.100.2")).ok();
        appraise(Map.of("Forwarded", "for=198.51.100.3")).ok();
        appraise(Map.of("X-Forwarded-For", "198.51.100.4")).problem(429, "rate-limited");
        appraise(Map.of("Forwarded", "for=198.51.100.5")).problem(429, "rate-limited");
        appraise(Map.of()).problem(429, "rate-limited");
    }
}
