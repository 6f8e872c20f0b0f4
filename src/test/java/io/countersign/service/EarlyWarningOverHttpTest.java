package io.countersign.service;

import static io.countersign.service.FedByPcs.KEY_SERVICE;
import static io.countersign.service.FedByPcs.PCS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.testkit.ComingTcb;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is announced is said before it counts, and then it comes as it was said. */
@QuarkusTest
@TestProfile(WarnedLaboratory.class)
class EarlyWarningOverHttpTest {
    private static final Bytes FAMILY = Bytes.fromHex("c0de0000eeee");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    MovableClock clock;

    private static Answer attest() {
        return Http.post("/v1/attestations", TdMachine.ofFamily(FAMILY).attestation(KEY_SERVICE, "td"));
    }

    private static double metric(String name) {
        String all = Http.request().get("/q/metrics").asString();
        Matcher found =
                Pattern.compile("(?m)^" + Pattern.quote(name) + " (\\S+)$").matcher(all);
        assertTrue(found.find(), () -> name + " in " + all);
        return Double.parseDouble(found.group(1));
    }

    private static double platforms(String standing) {
        return metric("countersign_early_warning_platforms{standing=\"%s\",tee=\"tdx\"}".formatted(standing));
    }

    private static void awaitOne(String standing) throws InterruptedException {
        Instant until = Instant.now().plus(PATIENCE);
        while (platforms(standing) != 1) {
            assertTrue(Instant.now().isBefore(until), () -> "no platform is " + standing + " within " + PATIENCE);
            Thread.sleep(Duration.ofMillis(200));
        }
    }

    private static JsonNode health() {
        JsonNode all = Http.parse(Http.request().get("/q/health/ready").asString());
        for (JsonNode check : all.get("checks")) {
            if (check.get("name").asText().equals("early warning")) {
                assertEquals("UP", check.get("status").asText());
                return check.get("data");
            }
        }
        throw new AssertionError(all);
    }

    @Test
    void metricsAndHealthWarnBeforeThePlatformIsRefused() throws InterruptedException {
        PCS.publish(FAMILY);
        attest().ok();
        // Nothing is published in the early channel yet: that is unknown, and not fine.
        awaitOne("undetermined");
        assertEquals(0, platforms("accepted"));
        assertEquals(1, health().get("undetermined").asInt());
        assertTrue(health().get("trouble").asText().contains("c0de0000eeee"));

        PCS.publishEarly(FAMILY, UnaryOperator.identity());
        awaitOne("accepted");
        assertTrue(metric("countersign_early_warning_checked_seconds") > 0);

        PCS.publishEarly(FAMILY, ComingTcb::recovered);
        awaitOne("refused");
        assertEquals(
                ComingTcb.NUMBER,
                metric("countersign_early_warning_evaluation_data_number{channel=\"early\",tee=\"tdx\"}"));
        assertEquals(
                LaboratoryPcs.EVALUATION,
                metric("countersign_early_warning_evaluation_data_number{channel=\"in-force\",tee=\"tdx\"}"));
        assertEquals(1, health().get("refused").asInt());

        // It warns and changes nothing.
        attest().ok();
        PCS.publish(TeeType.TDX, FAMILY, ComingTcb::recovered);
        clock.moveOn(Duration.ofMinutes(5));
        Answer refused = attest().problem(403, "appraisal-refused");
        assertEquals("failed", refused.outcomes().get("tdx.tcb"));
        assertEquals("OutOfDate", refused.cpu().at("/claims/tdx/tcb_status").asText());
    }
}
