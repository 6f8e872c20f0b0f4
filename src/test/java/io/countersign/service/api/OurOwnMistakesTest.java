package io.countersign.service.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.service.api.problem.ProblemObserver;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a bug of ours tells the outside: that it is one, and nothing else. */
class OurOwnMistakesTest {
    @Test
    void neitherMessageNorStackLeavesTheService() {
        var response = new Problems(ProblemObserver.NOBODY)
                .bug(new IllegalStateException("/var/lib/countersign/keys: upstream said <secret>"));
        assertEquals(500, response.getStatus());
        String text = new String((byte[]) response.getEntity(), StandardCharsets.UTF_8);
        assertTrue(text.contains("\"code\":\"internal-error\""), text);
        for (String telling : List.of("secret", "/var", "IllegalState", "io.countersign", "\tat ")) {
            assertFalse(text.contains(telling), text);
        }
    }
}
