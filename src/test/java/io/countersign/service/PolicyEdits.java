package io.countersign.service;

import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.function.Predicate;

/** Waits for the service to notice, and signs as a security team would. */
final class PolicyEdits {
    /** Far more than it ever takes: the service reads every second and wants to see a change twice. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private PolicyEdits() {}

    /** The policy of that id, once the service says this about it. */
    static JsonNode eventually(String id, Predicate<JsonNode> so) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        JsonNode last = shown(id);
        while (!so.test(last)) {
            if (System.nanoTime() > end) {
                fail("still as it was: " + last);
            }
            pause();
            last = shown(id);
        }
        return last;
    }

    static JsonNode shown(String id) {
        return Http.get("/v1/policies/" + id).json();
    }

    private static void pause() {
        try {
            Thread.sleep(Duration.ofMillis(100));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** An Ed25519 signature in base64. */
    static String signature(PrivateKey key, String text) {
        try {
            Signature signing = Signature.getInstance("Ed25519");
            signing.initSign(key);
            signing.update(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signing.sign()) + "\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
