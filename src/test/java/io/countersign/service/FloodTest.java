package io.countersign.service;

import static io.countersign.service.RelyingParties.BACKGROUND;
import static io.countersign.service.RelyingParties.SECRET;
import static io.countersign.service.RequestBodies.APPRAISALS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** However many strangers there are, who is known gets through, and afterwards everybody does. */
@QuarkusTest
@TestProfile(Narrow.class)
class FloodTest {
    private static final int CHIP_ID = 0x1A0;
    private static final AskedBy KMS = AskedBy.whoKnows(SECRET);

    private static Answer appraise(int address, ObjectNode body) {
        return Http.post(APPRAISALS, body.toString().getBytes(UTF_8), Map.of("Forwarded", "for=198.51.100." + address));
    }

    /** A report of a chip whose certificate must be fetched. */
    private static ObjectNode ofChip(int number) {
        ObjectNode body = RequestBodies.unbound();
        ObjectNode cpu = RequestBodies.cpu(body);
        cpu.remove("certificates");
        body.remove("endorsements");
        byte[] report = Base64.getUrlDecoder().decode(cpu.get("report").textValue());
        report[CHIP_ID] = (byte) number;
        return fill(body, cpu, report);
    }

    private static ObjectNode fill(ObjectNode body, ObjectNode cpu, byte[] report) {
        cpu.put("report", Base64.getUrlEncoder().withoutPadding().encodeToString(report));
        return body;
    }

    private static void awaitUnderWay(int many) throws InterruptedException {
        Instant end = Instant.now().plus(Duration.ofSeconds(30));
        while (Metrics.of("countersign_limits_inflight") != many) {
            assertTrue(Instant.now().isBefore(end), "never were as many under way");
            Thread.sleep(20);
        }
    }

    @Test
    void strangersWhoFillEveryPlaceKeepNobodyWhoIsKnownWaiting() throws Exception {
        Token token = Token.read(KMS.attest(Machine.challengedWith(Http.nonce()).attestation(BACKGROUND, "either"))
                .ok());
        double crowded = Metrics.refused("concurrent");
        double shares = Metrics.refused("client-share");
        var first = new FutureTask<>(() -> appraise(1, ofChip(1)));
        Thread.ofVirtual().start(first);
        awaitUnderWay(1);
        Answer again = appraise(1, RequestBodies.appraisal()).problem(429, "rate-limited");
        assertEquals("1", again.header("retry-after"));
        assertEquals(shares + 1, Metrics.refused("client-share"));
        var second = new FutureTask<>(() -> appraise(2, ofChip(2)));
        Thread.ofVirtual().start(second);
        awaitUnderWay(2);
        Answer third = appraise(3, RequestBodies.appraisal()).problem(503, "overloaded");
        assertEquals("1", third.header("retry-after"));
        assertEquals(crowded + 1, Metrics.refused("concurrent"));
        assertTrue(Metrics.of("countersign_endorsement_inflight{vendor=\"amd-kds\"}") >= 1);

        floodedWhile(() -> {
            for (int i = 0; i < 50; i++) {
                assertTrue(KMS.introspect(token).json().get("active").booleanValue());
                KMS.attest(Machine.challengedWith(Http.nonce()).attestation(BACKGROUND, "either"))
                        .ok();
            }
            return true;
        });

        Narrow.AMD.hangUp();
        first.get();
        second.get();
        awaitUnderWay(0);
        appraise(1, RequestBodies.appraisal()).ok();
        appraise(3, RequestBodies.appraisal()).ok();
    }

    /** Strangers who come back at once, from many addresses, as long as the work lasts. */
    private static void floodedWhile(Callable<Boolean> work) throws Exception {
        var over = new AtomicBoolean();
        var refused = new AtomicInteger();
        byte[] body = RequestBodies.appraisal().toString().getBytes(UTF_8);
        var flood = new ArrayList<Future<?>>();
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 8; i++) {
                String header = "for=203.0.113." + i;
                flood.add(threads.submit(() -> {
                    while (!over.get()) {
                        Http.post(APPRAISALS, body, Map.of("Forwarded", header)).problem(503, "overloaded");
                        refused.incrementAndGet();
                    }
                }));
            }
            try {
                assertTrue(work.call());
            } finally {
                over.set(true);
            }
            for (Future<?> each : flood) {
                each.get();
            }
        }
        assertTrue(refused.get() >= 8, "it was a flood of " + refused.get());
    }
}
