package io.countersign.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs commands as a shell would, and keeps what they print. */
final class CommandLineBench {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Path GOLDEN = Path.of("src/test/resources/golden/cli");

    private CommandLineBench() {}

    /** How one command ended. */
    record Ran(List<String> command, int exit, String out, String err) {
        Ran ends(int expected) {
            assertEquals(expected, exit, toString());
            return this;
        }

        /** What stands on standard output, which holds one document and nothing else. */
        JsonNode json() {
            try {
                return JSON.readTree(out);
            } catch (JsonProcessingException e) {
                throw new AssertionError("no JSON on standard output of " + this, e);
            }
        }
    }

    /** Only one command at a time: the streams are everybody's. */
    static synchronized Ran run(String... command) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        try (var outTo = new PrintStream(out, true, StandardCharsets.UTF_8);
                var errTo = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            System.setOut(outTo);
            System.setErr(errTo);
            int exit = Main.run(command);
            return new Ran(
                    List.of(command), exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
    }

    /** Compares with what is written down; run with {@code -Dgolden} it writes it down. */
    static void assertGolden(String name, String told) throws IOException {
        String steady =
                told.replaceAll("sha256:[0-9a-f]{64}", "sha256:<digest>").replaceAll("in [0-9.]+ s\\b", "in <time> s");
        Path file = GOLDEN.resolve(name + ".txt");
        if (System.getProperty("golden") != null) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, steady);
        }
        assertEquals(
                Files.readString(file),
                steady,
                "the text changed: run mvn test -Dtest='io.countersign.cli.*Test' -Dgolden, and read the difference");
    }

    /** A folder with a policy that pins an image through a values file, and has a test of its own. */
    static Path gateway(Path folder, String image) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("policy.yaml"), """
                policy: gateway
                version: "1"
                summary: The gateway's image on SEV-SNP.
                extends: [cpu-only]
                values-from: [gateway-images]
                expect: { cpu: { types: [sev-snp] } }
                rules:
                  - name: image is released
                    for: cpu
                    require: cpu.launch_measurement in references.images
                    sets: executables
                    because: Only reviewed images may have the key.
                    hint: Deploy a released image.
                tests:
                  - name: the released image gets a token
                    case: fixture:sev-snp/genoa-v3
                    with: { cpu0.launch_measurement: "%s" }
                    expect: { status: affirming, token: allowed }
                  - name: another image gets none
                    case: fixture:sev-snp/genoa-v3
                    expect: { status: contraindicated, token: refused, rules: { image is released: failed } }
                """.formatted(image));
        Files.writeString(folder.resolve("images.yaml"), """
                values: gateway-images
                version: "1"
                summary: Released images.
                references:
                  images:
                    claim: launch_measurement
                    note: Gateway 2026.11
                    owner: gateway@example.com
                    expires: 2099-01-01T00:00:00Z
                    values: [%s]
                """.formatted(image));
        return folder;
    }
}
