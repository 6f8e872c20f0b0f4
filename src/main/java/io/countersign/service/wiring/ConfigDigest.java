package io.countersign.service.wiring;

import io.countersign.verifier.bytes.Bytes;
import java.util.List;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.eclipse.microprofile.config.Config;

/**
 * One digest of all settings under {@code countersign.}, so that two starts can be told to have had the same. Settings that hold a
 * secret in the clear count by whether they are there.
 */
final class ConfigDigest {
    private static final String OURS = "countersign.";

    /** A digest of a short password would give it away to who tries many. */
    private static final List<String> SECRET = List.of("redis-url", "api-key", "password");

    private ConfigDigest() {}

    static String of(Config config) {
        var names = new TreeSet<String>();
        config.getPropertyNames().forEach(name -> {
            if (name.startsWith(OURS)) {
                names.add(name);
            }
        });
        var text = new StringJoiner("\n");
        for (String name : names) {
            String value = SECRET.stream().anyMatch(name::contains)
                    ? "(secret)"
                    : config.getConfigValue(name).getValue();
            text.add(name + "=" + value);
        }
        return "sha256:" + Bytes.utf8(text.toString()).sha256();
    }
}
