package io.countersign.service.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LabelledCountersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LabelledCounters counters =
            new LabelledCounters(registry, "x", "what", List.of("policy", "outcome"), Set.of("policy"), 3);

    private Map<String, Double> counted() {
        var result = new TreeMap<String, Double>();
        for (Counter each : registry.find("x").counters()) {
            result.put(each.getId().getTag("policy") + " " + each.getId().getTag("outcome"), each.count());
        }
        return result;
    }

    @Test
    void countsEachSetOfLabelsApart() {
        counters.count(List.of("a", "passed"));
        counters.count(List.of("a", "failed"));
        counters.count(List.of("a", "passed"));
        assertEquals(Map.of("a passed", 2.0, "a failed", 1.0), counted());
    }

    @Test
    void countsTogetherBeyondTheBoundAndForgetsNothing() {
        for (int policy = 0; policy < 100; policy++) {
            counters.count(List.of("p" + policy, policy % 2 == 0 ? "passed" : "failed"));
        }
        assertEquals(
                Map.of(
                        "p0 passed", 1.0,
                        "p1 failed", 1.0,
                        "p2 passed", 1.0,
                        "(others) passed", 48.0,
                        "(others) failed", 49.0),
                counted());
    }

    @Test
    void shownOnesAreThereBeforeTheyAreCounted() {
        counters.show(List.of("a", "passed"));
        assertEquals(Map.of("a passed", 0.0), counted());
    }
}
