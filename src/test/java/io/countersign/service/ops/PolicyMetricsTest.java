package io.countersign.service.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.countersign.service.policies.LoadedPolicies;
import io.countersign.verifier.fixtures.Core;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an alarm sees of the policies. */
class PolicyMetricsTest {
    private static final Instant START = Instant.parse("2026-06-01T00:00:00Z");
    private static final String GOOD = """
            policy: mine
            version: "1"
            summary: A policy for tests.
            expect: { cpu: { types: [sev-snp] } }
            references:
              images:
                claim: launch_measurement
                note: one image
                expires: 2026-06-01T01:00:00Z
                values: ["%s"]
            rules:
              - name: image is approved
                for: cpu
                require: cpu.launch_measurement in references.images
                sets: executables
                because: Only this image.
            """.formatted("ab".repeat(48));

    @TempDir
    private Path folder = Path.of("");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final InstantSource clock = now::get;

    private LoadedPolicies load() throws IOException {
        write(GOOD);
        return new LoadedPolicies(
                Core.POLICIES,
                new LoadedPolicies.Sources(Optional.of(folder), Optional.empty(), _ -> name -> {
                    throw new IllegalStateException(name);
                }),
                clock,
                new PolicyMetrics(registry, clock));
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("mine.yaml"), text);
    }

    private static void settle(LoadedPolicies policies) {
        policies.poll();
        policies.poll();
    }

    private double value(String name, String... tags) {
        return registry.get(name).tags(tags).meter().measure().iterator().next().getValue();
    }

    private List<String> digests() {
        return registry.get("countersign.policies.active").tag("policy", "mine").meters().stream()
                .map(Meter::getId)
                .map(id -> id.getTag("version") + " " + id.getTag("digest"))
                .toList();
    }

    @Test
    void theVersionInUseIsNamedAndTheOldOneIsGone() throws IOException {
        LoadedPolicies policies = load();
        List<String> before = digests();
        assertEquals(1, before.size());
        write(GOOD.replace("version: \"1\"", "version: \"2\""));
        settle(policies);
        assertEquals(1, digests().size());
        assertNotEquals(before, digests());
    }

    @Test
    void aRefusedFileRaisesAnAlarmUntilItIsMended() throws IOException {
        LoadedPolicies policies = load();
        assertEquals(0, value("countersign.policies.refused", "file", "mine.yaml"));
        assertEquals(0, value("countersign.policies.reloads", "outcome", "refused"));
        write("policy: mine\n");
        settle(policies);
        assertEquals(1, value("countersign.policies.refused", "file", "mine.yaml"));
        assertEquals(1, value("countersign.policies.reloads", "outcome", "refused"));
        settle(policies);
        assertEquals(1, value("countersign.policies.reloads", "outcome", "refused"));
        write(GOOD);
        settle(policies);
        assertEquals(0, value("countersign.policies.refused", "file", "mine.yaml"));
    }

    @Test
    void theEndOfReferenceValuesComesNearerAndPasses() throws IOException {
        LoadedPolicies policies = load();
        assertEquals(Optional.empty(), policies.folder().trouble());
        assertEquals(3600, value("countersign.reference_values.expire_at", "policy", "mine", "set", "images"));
        now.set(START.plusSeconds(3601));
        assertEquals(-1, value("countersign.reference_values.expire_at", "policy", "mine", "set", "images"));
    }

    @Test
    void theTimeOfTheLastChangeMovesOnlyWithAChange() throws IOException {
        LoadedPolicies policies = load();
        now.set(START.plusSeconds(60));
        settle(policies);
        assertEquals((double) START.getEpochSecond(), value("countersign.policies.last_change"));
        write(GOOD + "# a comment\n");
        settle(policies);
        assertEquals((double) (START.getEpochSecond() + 60), value("countersign.policies.last_change"));
    }
}
