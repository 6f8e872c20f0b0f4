package io.countersign.examples.kms;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A KMS that is set up wrongly does not start, and says why. */
class SettingsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kms.audience | '' | kms.audience must be set",
                "kms.issuer | '' | kms.issuer must be set",
                "kms.secrets-folder | '' | kms.secrets-folder must be set",
                "kms.secrets-folder | /nowhere | cannot be read",
                "kms.secrets.another.policies[0].id | x | cannot be read",
                "kms.secrets.Another.policies[0].id | x | a name is lower-case",
                "kms.secrets.model-key.policies[0].digest | abc | digest is sha256:",
                "kms.secrets.model-key.policies[0].id | '' | a policy needs an id",
                "kms.secrets.another.gpu-count | 8 | a secret needs at least one policy",
                "kms.laboratory | false | must begin with https://",
                "kms.keys.cool-down | 301s | must be no shorter than",
                "kms.introspection.enabled | true | kms.introspection.url must begin with https://"
            })
    void saysWhatIsWrong(String setting, String value, String expected) {
        refused(Map.of(setting, value), expected);
    }

    @Test
    void introspectionNeedsTheCallersSecret() {
        refused(
                Map.of(
                        "kms.introspection.enabled",
                        "true",
                        "kms.introspection.url",
                        "http://127.0.0.1/introspect",
                        "kms.introspection.caller-secret-file",
                        "/nowhere"),
                "kms.introspection.caller-secret-file must be a file");
    }

    private static void refused(Map<String, String> settings, String expected) {
        var thrown =
                assertThrows(Exception.class, () -> RunningKms.start("http://127.0.0.1", Clock.systemUTC(), settings)
                        .close());
        String told = Stream.iterate((Throwable) thrown, Objects::nonNull, Throwable::getCause)
                .map(String::valueOf)
                .collect(Collectors.joining("\n"));
        assertTrue(told.contains(expected), told);
    }
}
