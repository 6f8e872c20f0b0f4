package io.countersign.service.wiring;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.service.config.CountersignConfig;
import io.countersign.service.limits.Asker.Standing;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitSettingsTest {
    private static CountersignConfig config(Map<String, String> settings) {
        var all = new HashMap<>(settings);
        all.put("countersign.issuer", "http://localhost");
        return new SmallRyeConfigBuilder()
                .withMapping(CountersignConfig.class)
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .addDefaultInterceptors()
                .withConverter(Duration.class, 200, new DurationConverter())
                .build()
                .getConfigMapping(CountersignConfig.class);
    }

    private static void readAll(CountersignConfig config) {
        LimitSettings.rates(config.limits());
        LimitSettings.places(config.limits());
        LimitSettings.time(config.limits());
        LimitSettings.receiveTime(config.limits());
        LimitSettings.challengeLifetime(config.challenge().lifetime());
    }

    @Test
    void unlessSetNobodyIsCountedAndAnEighthIsKeptForEach() {
        CountersignConfig config = config(Map.of());
        readAll(config);
        var rates = LimitSettings.rates(config.limits());
        for (Standing standing : Standing.values()) {
            assertEquals(Optional.empty(), rates.evidence().get(standing));
            assertEquals(Optional.empty(), rates.requests().get(standing));
            assertEquals(
                    Optional.empty(),
                    LimitSettings.places(config.limits()).share().get(standing));
        }
        assertEquals(512, LimitSettings.places(config.limits()).all());
        assertEquals(64, LimitSettings.places(config.limits()).forCallers());
        assertEquals(64, LimitSettings.places(config.limits()).forIntrospection());
        assertEquals(64, rates.mostAtOnce());
    }

    @Test
    void fewPlacesAreNoMistake() {
        for (String places : new String[] {"1", "2", "7", "8"}) {
            var settings = LimitSettings.places(
                    config(Map.of("countersign.limits.concurrent", places)).limits());
            assertTrue(settings.all() - settings.forCallers() - settings.forIntrospection() >= 1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "limits.concurrent, 0",
        "limits.concurrent, 100001",
        "limits.reserved.callers, -1",
        "limits.reserved.callers, 512",
        "limits.reserved.callers, 448",
        "limits.reserved.introspection, 512",
        "limits.client-share, 0",
        "limits.client-share, 513",
        "limits.caller-share, 0",
        "limits.time, 999ms",
        "limits.time, 301s",
        "limits.receive-time, 0s",
        "limits.receive-time, 11m",
        "limits.rate.evidence, 0",
        "limits.rate.evidence, 1000001",
        "limits.rate.requests, -5",
        "limits.rate.caller-evidence, 0",
        "limits.rate.caller-requests, 0",
        "limits.rate.clients, 99",
        "limits.rate.clients, 10000001",
        "limits.devices, 65",
        "challenge.lifetime, 9s",
        "challenge.lifetime, 3601s",
        "challenge.lifetime, 0s",
    })
    void whatMakesNoSenseStopsTheStartWithItsKey(String key, String value) {
        CountersignConfig config = config(Map.of("countersign." + key, value));
        String said = String.valueOf(assertThrows(IllegalArgumentException.class, () -> readAll(config))
                .getMessage());
        assertTrue(said.contains("countersign." + key), said);
    }

    @ParameterizedTest
    @CsvSource({
        "limits.time, 1s",
        "limits.time, 5m",
        "limits.receive-time, 10m",
        "limits.rate.evidence, 1",
        "limits.reserved.callers, 447",
        "limits.reserved.introspection, 0",
        "limits.client-share, 512",
        "challenge.lifetime, 10s",
        "challenge.lifetime, 1h",
    })
    void boundsThemselvesAreTaken(String key, String value) {
        assertDoesNotThrow(() -> readAll(config(Map.of("countersign." + key, value))));
    }

    @Test
    void lengthsOfTimeAreToldAsTheyAreWritten() {
        String said = String.valueOf(assertThrows(
                        IllegalArgumentException.class, () -> LimitSettings.challengeLifetime(Duration.ofMillis(1500)))
                .getMessage());
        assertEquals("countersign.challenge.lifetime is 1500ms; it goes from 10s to 60m", said);
    }
}
