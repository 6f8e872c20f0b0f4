package io.countersign.verifier.tee.nvgpu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.report.DeviceKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;

/** Genuine reports of GPUs and switches with their certificates, read where they lie. */
public final class Devices {
    public static final Path FOLDER =
            Path.of(System.getProperty("countersign.evidence", "../shared/evidence"), "nvidia-gpu");

    private static final ObjectMapper JSON = new ObjectMapper();

    private Devices() {}

    /**
     * One device of one capture.
     *
     * @param name its file; with {@code #} and its place where the file holds several devices
     * @param file as the manifest names it: captures of one file belong together
     * @param chain PEM, as received
     * @param expected what the manifest says of it
     * @param rimComparison null where there is nothing to compare it with
     * @param verdict what the manifest says of the whole file
     */
    public record Capture(
            String name,
            String file,
            Bytes report,
            Bytes chain,
            DeviceKind kind,
            JsonNode expected,
            List<String> rimFiles,
            JsonNode rimComparison,
            String verdict) {
        /** What the manifest says in words, which must be there. */
        public String text(String member) {
            return expected.required(member).asText();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    public static boolean areHere() {
        return Files.exists(FOLDER.resolve("MANIFEST.json"));
    }

    /** Every device of every capture; skips the test where there are none. */
    public static List<Capture> all() {
        var captures = new ArrayList<Capture>();
        for (JsonNode entry : manifest().required("entries")) {
            switch (entry.required("kind").asText()) {
                case "gpu-report", "switch-report" -> captures.add(single(entry));
                case "evidence-json" -> captures.addAll(several(entry));
                default -> {}
            }
        }
        return captures;
    }

    public static List<Capture> of(DeviceKind kind) {
        return all().stream().filter(each -> each.kind() == kind).toList();
    }

    public static List<Capture> ofFile(String file) {
        return all().stream().filter(each -> each.file().equals(file)).toList();
    }

    /** By {@link Capture#name}. */
    public static Capture named(String name) {
        return all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** What the manifest says of one file, whatever it is. */
    public static JsonNode entry(String file) {
        for (JsonNode entry : manifest().required("entries")) {
            if (entry.required("file").asText().equals(file)) {
                return entry;
            }
        }
        throw new IllegalArgumentException("the manifest has no " + file);
    }

    public static JsonNode manifest() {
        return json(file("MANIFEST.json"));
    }

    /** A file as it is; skips the test where it is missing. */
    public static Bytes file(String name) {
        Path path = FOLDER.resolve(name);
        Assumptions.assumeTrue(Files.exists(path), "the genuine capture " + path + " is not on this machine");
        try {
            return Bytes.copyOf(Files.readAllBytes(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Capture single(JsonNode entry) {
        String file = entry.required("file").asText();
        return capture(
                entry,
                file,
                Bytes.fromHex(file(file).toUtf8().strip()),
                file(entry.required("chain_file").asText()),
                entry.required("expected"),
                entry.required("rim_comparison"));
    }

    private static List<Capture> several(JsonNode entry) {
        String file = entry.required("file").asText();
        JsonNode comparison = entry.required("rim_comparison");
        var captures = new ArrayList<Capture>();
        for (JsonNode device : json(file(file))) {
            int place = captures.size();
            captures.add(capture(
                    entry,
                    file + "#" + place,
                    base64(device.required("evidence")),
                    base64(device.required("certificate")),
                    entry.required("expected").required(place),
                    comparison.isArray() ? comparison.required(place) : comparison));
        }
        return captures;
    }

    private static Capture capture(
            JsonNode entry, String name, Bytes report, Bytes chain, JsonNode expected, JsonNode comparison) {
        return new Capture(
                name,
                entry.required("file").asText(),
                report,
                chain,
                expected.required("arch").asText().equals("LS10") ? DeviceKind.NVSWITCH : DeviceKind.GPU,
                expected,
                StreamSupport.stream(entry.required("rim_files").spliterator(), false)
                        .map(JsonNode::asText)
                        .toList(),
                comparison,
                entry.required("expected_verdict").asText());
    }

    private static Bytes base64(JsonNode text) {
        return Bytes.copyOf(Base64.getMimeDecoder().decode(text.asText().getBytes(StandardCharsets.US_ASCII)));
    }

    private static JsonNode json(Bytes text) {
        try {
            return JSON.readTree(text.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
