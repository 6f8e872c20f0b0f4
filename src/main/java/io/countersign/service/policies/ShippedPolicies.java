package io.countersign.service.policies;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The policies and values that are part of the program, and the examples to copy, which are never loaded by themselves. */
public final class ShippedPolicies {
    /** No file of a folder is shown with a colon: see {@link Shown}. */
    static final String PREFIX = "shipped:";

    private static final List<String> POLICIES =
            List.of("baseline", "cpu-only", "confidential-gpu", "confidential-gpu-strict");
    private static final List<String> VALUES = List.of("amd-tcb-floors");
    private static final Map<String, List<String>> EXAMPLES = Map.of(
            "ohttp-gateway", List.of("policy.yaml", "ohttp-gateway-images.yaml", "README.md"),
            "development", List.of("policy.yaml", "README.md"));

    private ShippedPolicies() {}

    /** The texts of what every service loads, by the names that they have beside a folder's files. */
    public static Map<String, String> texts() {
        var texts = new LinkedHashMap<String, String>();
        VALUES.forEach(id -> texts.put(file(id), text(id + ".yaml")));
        POLICIES.forEach(id -> texts.put(file(id), text(id + "/policy.yaml")));
        return Collections.unmodifiableMap(texts);
    }

    /** The name of a shipped file of that id, as everybody sees it. */
    public static String file(String id) {
        return PREFIX + id;
    }

    /** The names of the examples. */
    public static List<String> examples() {
        return EXAMPLES.keySet().stream().sorted().toList();
    }

    /** The files of one example, by name; empty when there is none of that name. */
    public static Map<String, String> example(String name) {
        var files = new LinkedHashMap<String, String>();
        EXAMPLES.getOrDefault(name, List.of()).forEach(file -> files.put(file, text("examples/" + name + "/" + file)));
        return Collections.unmodifiableMap(files);
    }

    static boolean isShipped(String id) {
        return POLICIES.contains(id) || VALUES.contains(id);
    }

    static boolean isOne(String file) {
        return file.startsWith(PREFIX);
    }

    private static String text(String resource) {
        try (InputStream in = ShippedPolicies.class.getResourceAsStream("/policies/" + resource)) {
            if (in == null) {
                throw new IllegalStateException("the shipped policy %s is missing".formatted(resource));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
