package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.result.AttestationResult.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The policies in docs/policy.md are accepted as they stand there. */
class PolicyDocsTest {
    private static final Pattern BLOCK = Pattern.compile("```yaml\n(policy: ([a-z-]+)\n.*?)```", Pattern.DOTALL);

    /** By the claims of the real schemes. */
    private static Map<String, PolicyReading> readings() throws IOException {
        var sources = new LinkedHashMap<String, String>();
        for (String id :
                new String[] {"amd-tcb-floors", "baseline", "cpu-only", "confidential-gpu", "confidential-gpu-strict"
                }) {
            sources.put(id, Bench.shipped(id));
        }
        String docs = Files.readString(Path.of("docs/policy.md"));
        for (MatchResult block : BLOCK.matcher(docs).results().toList()) {
            sources.put(block.group(2), block.group(1));
        }
        return Core.POLICIES.parseAll(sources);
    }

    static AppraisalPolicy policy(String name) throws IOException {
        return assertInstanceOf(PolicyReading.Accepted.class, readings().get(name), name)
                .policy();
    }

    @Test
    void everyExampleIsAccepted() throws IOException {
        Map<String, PolicyReading> readings = readings();
        assertEquals(12, readings.size());
        readings.forEach((name, reading) -> {
            assertFalse(reading instanceof PolicyReading.Refused, name + "\n" + reading.rendered());
            assertTrue(reading.findings().isEmpty(), reading.rendered());
        });
    }

    @Test
    void theExamplesOfPinningPin() throws IOException {
        Map<String, PolicyReading> readings = readings();
        for (String name :
                new String[] {"payments", "signed-images", "container-optimized-os", "dstack-app", "inference"}) {
            var accepted = assertInstanceOf(PolicyReading.Accepted.class, readings.get(name));
            assertInstanceOf(Workload.Pinned.class, accepted.policy().workload(Bench.NOW), name);
        }
    }
}
