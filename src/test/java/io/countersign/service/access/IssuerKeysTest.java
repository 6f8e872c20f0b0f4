package io.countersign.service.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.nimbusds.jose.jwk.Curve;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class IssuerKeysTest {
    /** More than may wait for the one that asks. */
    private static final int CROWD = 64;

    @Test
    void whoFindsTooManyWaitingIsToldToComeBackAndNotThatHisKeyIsUnknown() throws Exception {
        var now = new AtomicReference<>(Instant.parse("2026-11-24T12:00:00Z"));
        var slow = new CountDownLatch(0);
        var issuer = new AtomicReference<>(slow);
        String published = Issuer.jwks(Issuer.ec(Curve.P_256, "old"));
        var keys = new IssuerKeys(
                () -> {
                    try {
                        issuer.get().await();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                    return published;
                },
                Duration.ofMinutes(10),
                Duration.ofHours(24),
                now::get);
        keys.readNow();
        now.set(now.get().plus(Duration.ofMinutes(1)));
        var answers = new CountDownLatch(1);
        issuer.set(answers);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ExecutorCompletionService<IssuerKeys.Answer>(threads);
            for (int i = 0; i < CROWD; i++) {
                asked.submit(() -> keys.named("new"));
            }
            try {
                var first = asked.poll(20, TimeUnit.SECONDS);
                assertEquals(
                        new IssuerKeys.Answer.Unavailable(), first == null ? "nobody was turned away" : first.get());
            } finally {
                answers.countDown();
            }
        }
    }
}
