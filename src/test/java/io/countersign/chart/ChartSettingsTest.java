package io.countersign.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.service.config.CountersignConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the chart writes is read by the service's own configuration, which refuses settings that it does not know. */
class ChartSettingsTest {
    private static CountersignConfig read(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(CountersignConfig.class)
                .withSources(new PropertiesConfigSource(settings, "chart", 100))
                .addDefaultInterceptors()
                .withConverter(Duration.class, 200, new DurationConverter())
                .build()
                .getConfigMapping(CountersignConfig.class);
    }

    @ParameterizedTest
    @EnumSource
    void theServiceKnowsEverySetting(ValueSet values) {
        var config = read(Release.of(values).settings());
        assertEquals("https://attest.example", config.issuer());
        assertEquals(
                Optional.of(Path.of("/etc/countersign/keys")), config.token().keysDir());
        assertEquals(Path.of("/var/lib/countersign"), config.dataDir());
    }

    /** That the reading above can fail. */
    @Test
    void aSettingThatTheServiceDoesNotKnowIsFound() {
        var release = Release.of(ValueSet.with("config: {countersign.tokens.lifetime: 60s}"));
        assertThrows(ConfigValidationException.class, () -> read(release.settings()));
    }

    @Test
    void everyValueArrivesAsItWasMeant() {
        var config = read(Release.of(ValueSet.EVERYTHING).settings());
        var kms = Release.named(config.audiences(), "kms");
        assertEquals("https://kms.example", kms.uri());
        assertEquals(List.of("gateway", "other"), kms.policies());
        assertTrue(kms.callerNonce());
        assertEquals("JWT", kms.typ());
        assertEquals("ear-legacy", kms.dialect());
        assertEquals("full", kms.detail());
        assertEquals(
                "urn:kms:2", Release.named(config.audiences(), "second-kms").uri());
        assertEquals("cpu-only", config.defaultPolicy());
        assertEquals(Optional.of(Path.of("/etc/countersign/policies")), config.policiesDir());
        assertEquals(Duration.ofSeconds(5), config.policies().poll());
        assertEquals(Duration.ofSeconds(10), config.token().rotation().poll());
        assertEquals(Optional.of(List.of("none")), config.access().anonymous());
        assertEquals(
                Optional.of(Path.of("/etc/countersign/challenge/secret")),
                config.challenge().secretFile());
        // Helm reads every number as floating point, and a backslash would begin an escape.
        assertEquals(1_073_741_824, config.recording().maxBytes());
        assertEquals("c\\d:", config.store().prefix());
    }

    @Test
    void theLaboratorysRootsAreAFileBesideTheSettings() {
        var release = Release.of(ValueSet.LABORATORY);
        assertEquals(
                Optional.of(Path.of("/etc/countersign/config/anchors.pem")),
                read(release.settings()).insecure().anchors());
        assertTrue(Release.named(release.files("attest-countersign"), "anchors.pem")
                .startsWith("# anchor: amd-ark Milan\n"));
        var signers = Release.of(ValueSet.OWN_POLICIES_OFFLINE);
        assertTrue(Release.named(signers.files("attest-countersign"), "signers.pem")
                .startsWith("-----BEGIN PUBLIC KEY-----\n"));
        assertTrue(read(signers.settings()).collateral().offline());
    }
}
