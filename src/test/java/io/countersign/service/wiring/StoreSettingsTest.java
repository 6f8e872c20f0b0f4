package io.countersign.service.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.countersign.service.config.CountersignConfig;
import io.countersign.service.store.RedisAddress;
import io.countersign.verifier.bytes.Bytes;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreSettingsTest {
    private static final String URL = "redis://user:hunter2@redis.example/1";

    private final Path folder;

    StoreSettingsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private static StoreSettings read(Map<String, String> settings) {
        var all = new HashMap<>(settings);
        all.put("countersign.issuer", "http://localhost");
        return StoreSettings.of(new SmallRyeConfigBuilder()
                .withMapping(CountersignConfig.class)
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .addDefaultInterceptors()
                .withConverter(Duration.class, 200, new DurationConverter())
                .build()
                .getConfigMapping(CountersignConfig.class));
    }

    private String secret(int length) throws IOException {
        return Files.write(folder.resolve("secret"), new byte[length]).toString();
    }

    private static void refused(Map<String, String> settings, String key) {
        String said = String.valueOf(assertThrows(IllegalArgumentException.class, () -> read(settings))
                .getMessage());
        assertTrue(said.contains(key), said);
        assertFalse(said.contains("hunter2"), said);
    }

    @Test
    void embeddedStoreIsTheUsualOne() {
        assertEquals(new StoreSettings.Embedded(), read(Map.of()));
    }

    @Test
    void sharedStoreTakesAnAddressAndASecret() throws IOException {
        assertEquals(
                new StoreSettings.Shared(
                        RedisAddress.parse(URL), Duration.ofSeconds(1), "countersign:", Bytes.zeros(32)),
                read(Map.of("countersign.redis-url", URL, "countersign.challenge.secret-file", secret(32))));
    }

    @Test
    void oneWithoutTheOtherIsRefused() throws IOException {
        refused(Map.of("countersign.redis-url", URL), "countersign.challenge.secret-file");
        refused(Map.of("countersign.challenge.secret-file", secret(32)), "countersign.redis-url");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 4097})
    void secretOfAnotherLengthIsRefused(int length) throws IOException {
        refused(
                Map.of("countersign.redis-url", URL, "countersign.challenge.secret-file", secret(length)),
                "32 to 4096");
    }

    @Test
    void secretThatIsNotThereIsRefused() {
        refused(
                Map.of(
                        "countersign.redis-url",
                        URL,
                        "countersign.challenge.secret-file",
                        folder.resolve("nowhere").toString()),
                "cannot be read");
        refused(
                Map.of("countersign.redis-url", URL, "countersign.challenge.secret-file", folder.toString()),
                "cannot be read");
    }

    @ParameterizedTest
    @CsvSource({
        "countersign.redis-url, http://user:hunter2@redis.example",
        "countersign.store.timeout, 9ms",
        "countersign.store.timeout, 11s",
        "countersign.store.prefix, a b",
        "countersign.store.prefix, é",
    })
    void settingsOutOfBoundsAreRefused(String key, String value) throws IOException {
        var settings =
                new HashMap<>(Map.of("countersign.redis-url", URL, "countersign.challenge.secret-file", secret(32)));
        settings.put(key, value);
        refused(settings, key);
    }

    @Test
    void whoElseMayReadTheSecretIsSaidAndAlsoWhenItCannotBeTold() throws IOException {
        Path secret = Files.write(folder.resolve("secret"), new byte[32]);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("r--------"));
        assertEquals(Optional.empty(), StoreSettings.SecretFile.warning(secret));
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("r--r-----"));
        assertTrue(StoreSettings.SecretFile.warning(secret).orElseThrow().contains("GROUP_READ"));
        try (var archive = FileSystems.newFileSystem(folder.resolve("archive.zip"), Map.of("create", "true"))) {
            Path inside = Files.write(archive.getPath("secret"), new byte[32]);
            assertTrue(StoreSettings.SecretFile.warning(inside).orElseThrow().contains("cannot be told"));
        }
    }

    /** As a mounted Secret is: root's, and readable for the pod's own group, which is how the service reads it. */
    @Test
    void aFileOfSomebodyElseIsReadThroughTheGroup() throws IOException {
        Path secret = Files.write(folder.resolve("secret"), new byte[32]);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("r--r-----"));
        assumeTrue(
                Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")),
                "only root can give a file away");
        Files.setAttribute(secret, "unix:uid", 10001);
        assertEquals(Optional.empty(), StoreSettings.SecretFile.warning(secret));
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("r--r--r--"));
        assertTrue(StoreSettings.SecretFile.warning(secret).orElseThrow().contains("[OTHERS_READ]"));
    }
}
