package io.countersign.service.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.service.collateral.BearerKey;
import io.countersign.service.collateral.CollateralConfig;
import io.countersign.service.collateral.IntelPcsConfig;
import io.countersign.service.collateral.NvidiaConfig;
import io.countersign.service.config.CountersignConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CollateralSettingsTest {
    private static CollateralConfig read(Map<String, String> settings) {
        var all = new HashMap<>(settings);
        all.put("countersign.issuer", "http://localhost");
        var config = new SmallRyeConfigBuilder()
                .withMapping(CountersignConfig.class)
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .addDefaultInterceptors()
                .withConverter(Duration.class, 200, new DurationConverter())
                .build()
                .getConfigMapping(CountersignConfig.class);
        return CollateralSettings.of(config);
    }

    private static CollateralConfig read(String key, String value) {
        return read(Map.of("countersign.collateral." + key, value));
    }

    @Test
    void areThoseOfTheGathererWhereNothingIsSet() {
        assertEquals(CollateralConfig.defaults(Optional.of(Path.of("data"))), read(Map.of()));
    }

    @Test
    void takeOneOrSeveralAddressesOfIntelsServiceInTheirOrder() {
        URI pccs = URI.create("https://pccs.example:8081");
        assertEquals(
                List.of(pccs),
                read("intel-pcs-url", "https://pccs.example:8081/").intel().urls());
        assertEquals(
                List.of(pccs, IntelPcsConfig.INTEL_PCS),
                read("intel-pcs-url", "https://pccs.example:8081, https://api.trustedservices.intel.com")
                        .intel()
                        .urls());
    }

    @Test
    void takeEverythingElseOfIntels() {
        var intel = read(Map.of(
                        "countersign.collateral.intel-root-crl-url", "https://mirror.example/root.der",
                        "countersign.collateral.intel-update", "early",
                        "countersign.collateral.intel-tls.ca-certificates", "/etc/pccs.pem",
                        "countersign.collateral.intel-collateral-max-age", "1h"))
                .intel();
        assertEquals(
                new IntelPcsConfig(
                        List.of(IntelPcsConfig.INTEL_PCS),
                        Optional.of(URI.create("https://mirror.example/root.der")),
                        IntelPcsConfig.Update.EARLY,
                        Optional.of(Path.of("/etc/pccs.pem")),
                        Duration.ofHours(1)),
                intel);
    }

    @Test
    void refuseAnUnknownChannelAndAnAddressThatIsNone() {
        for (var bad : Map.of(
                        "intel-update", "late",
                        "intel-pcs-url", "pccs.example",
                        "intel-root-crl-url", "ftp://mirror.example/root.der",
                        "intel-collateral-max-age", "0s")
                .entrySet()) {
            var refusal = assertThrows(IllegalArgumentException.class, () -> read(bad.getKey(), bad.getValue()));
            assertTrue(String.valueOf(refusal.getMessage()).contains(bad.getKey()), refusal.getMessage());
        }
    }

    @Test
    void takeEverythingOfNvidias() {
        var nvidia = read(Map.of(
                        "countersign.collateral.nvidia-rim-url", "https://mirror.example/rims",
                        "countersign.collateral.nvidia-api-key", "nvapi-0123\n",
                        "countersign.collateral.nvidia-rim-max-age", "7d",
                        "countersign.collateral.nvidia-ocsp-url", "https://outpost.example",
                        "countersign.collateral.nvidia-ocsp-nonce", "optional",
                        "countersign.collateral.nvidia-ocsp-max-age", "10m"))
                .nvidia();
        assertEquals(
                new NvidiaConfig(
                        URI.create("https://mirror.example/rims"),
                        Optional.of(new BearerKey("nvapi-0123")),
                        Duration.ofDays(7),
                        URI.create("https://outpost.example"),
                        NvidiaConfig.OcspNonce.OPTIONAL,
                        Duration.ofMinutes(10)),
                nvidia);
    }

    @Test
    void refuseWhatNoServiceOfNvidiasCanHave() {
        for (var bad : Map.of(
                        "nvidia-ocsp-nonce", "maybe",
                        "nvidia-rim-url", "rims.example",
                        "nvidia-ocsp-url", "ldap://ocsp.example",
                        "nvidia-api-key", "two words",
                        "nvidia-rim-max-age", "0s",
                        "nvidia-ocsp-max-age", "-1s")
                .entrySet()) {
            var refusal = assertThrows(IllegalArgumentException.class, () -> read(bad.getKey(), bad.getValue()));
            assertTrue(String.valueOf(refusal.getMessage()).contains(bad.getKey()), refusal.getMessage());
        }
    }
}
