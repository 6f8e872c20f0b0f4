package io.countersign.service.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.countersign.service.collateral.EndorsementAge;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class EndorsementAgesTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final EndorsementAges ages = new EndorsementAges(registry, now::get);

    private Map<String, Double> gauges(String name) {
        var result = new TreeMap<String, Double>();
        for (Gauge each : registry.find(name).gauges()) {
            result.put(String.valueOf(each.getId().getTag("kind")), each.value());
        }
        return result;
    }

    @Test
    void agesGrowAndTimesLeftShrinkBelowZeroWithoutAnotherLook() {
        ages.show(List.of(
                new EndorsementAge("crl", NOON.minusSeconds(60), Optional.of(NOON.plusSeconds(30))),
                new EndorsementAge("chain", NOON.minusSeconds(5), Optional.empty())));
        now.set(NOON.plusSeconds(40));
        assertEquals(Map.of("crl", 100.0, "chain", 45.0), gauges("countersign.endorsement.oldest.age"));
        assertEquals(Map.of("crl", -10.0), gauges("countersign.endorsement.next.expiry"));
    }

    @Test
    void whatIsNoLongerInHandIsNoLongerShownAndWhatIsRenewedIsYoung() {
        ages.show(List.of(
                new EndorsementAge("crl", NOON.minusSeconds(60), Optional.of(NOON.plusSeconds(30))),
                new EndorsementAge("chain", NOON.minusSeconds(5), Optional.empty())));
        ages.show(List.of(new EndorsementAge("crl", NOON, Optional.of(NOON.plusSeconds(300)))));
        assertEquals(Map.of("crl", 0.0), gauges("countersign.endorsement.oldest.age"));
        assertEquals(Map.of("crl", 300.0), gauges("countersign.endorsement.next.expiry"));
    }
}
