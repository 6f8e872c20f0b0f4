package io.countersign.service;

import static io.countersign.service.Laboratory.KMS;
import static io.countersign.service.RequestBodies.ATTESTATIONS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** What stands in nobody's log, whoever asks and however it ends. */
@QuarkusTest
@TestProfile(Laboratory.class)
class DiscretionTest {
    /** Hears every logger of ours, those that are too quiet for the console too. */
    private static final class Listener extends Handler {
        private final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord entry) {
            heard.add(entry.getMessage() + " " + Arrays.toString(entry.getParameters()) + " " + entry.getThrown());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void neitherEvidenceNorNoncesNorTokensAreLogged() {
        Logger ours = Logger.getLogger("io.countersign");
        Level before = ours.getLevel();
        var listener = new Listener();
        ours.addHandler(listener);
        ours.setLevel(Level.ALL);
        try {
            ours.fine("the listener hears");
            String nonce = Http.nonce();
            ObjectNode refused = Machine.challengedWith(nonce)
                    .report(r -> r.policyDebug(true))
                    .attestation(KMS, "pinned");
            ObjectNode good = Machine.challengedWith(nonce).attestation(KMS, "pinned");
            ObjectNode malformed = good.deepCopy();
            String report = RequestBodies.cpu(good).get("report").asText();
            RequestBodies.cpu(malformed).put("report", report.substring(0, 1000));
            Http.post(ATTESTATIONS, malformed).problem(422, "evidence-malformed");
            Http.post(ATTESTATIONS, refused).problem(403, "appraisal-refused");
            String token =
                    Http.post(ATTESTATIONS, good).ok().json().get("token").asText();
            Http.post(ATTESTATIONS, good).problem(409, "nonce-used");
            assertTrue(listener.heard.toString().contains("the listener hears"), listener.heard::toString);
            for (String secret : List.of(nonce, report.substring(200, 232), token.substring(token.length() - 32))) {
                assertEquals(
                        List.of(),
                        listener.heard.stream()
                                .filter(line -> line.contains(secret))
                                .toList());
            }
        } finally {
            ours.setLevel(before);
            ours.removeHandler(listener);
        }
    }
}
