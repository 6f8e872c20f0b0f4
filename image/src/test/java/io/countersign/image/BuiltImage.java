package io.countersign.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** An image as it lies in target/image/oci, read by the specification (OCI image-spec 1.0) and not by what wrote it. */
record BuiltImage(Path layout, JsonNode manifest, JsonNode config) {
    static final Path OUTPUT = Path.of("..", "target", "image");
    static final String PLAIN = "0.1.0";
    static final String TRAINED = "0.1.0-aot";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The image with this tag; the test is skipped where none was built. */
    static BuiltImage read(String tag) throws IOException {
        Path layout = OUTPUT.resolve("oci");
        assumeTrue(Files.isDirectory(layout), "there is no image in target/image/oci: run ./countersign image first");
        for (JsonNode each : json(layout.resolve("index.json")).path("manifests")) {
            if (each.path("annotations")
                    .path("org.opencontainers.image.ref.name")
                    .asText()
                    .equals(tag)) {
                JsonNode manifest = json(blob(layout, each));
                return new BuiltImage(layout, manifest, json(blob(layout, manifest.path("config"))));
            }
        }
        throw new AssertionError("target/image/oci has no image " + tag);
    }

    private static JsonNode json(Path file) throws IOException {
        return JSON.readTree(Files.readString(file));
    }

    /** The file of a descriptor, its digest and size found right. */
    private static Path blob(Path layout, JsonNode descriptor) throws IOException {
        String digest = descriptor.path("digest").asText();
        Path blob = layout.resolve("blobs").resolve(digest.replace(':', '/'));
        assertEquals(digest, "sha256:" + Trees.sha256(blob));
        assertEquals(descriptor.path("size").asLong(), Files.size(blob));
        return blob;
    }

    List<String> layerDigests() {
        return manifest.path("layers").findValuesAsText("digest");
    }

    List<String> words(String member) {
        var words = new ArrayList<String>();
        config.path("config").path(member).forEach(word -> words.add(word.asText()));
        return words;
    }

    /** What is done with each file of the image. */
    interface Visit {
        void at(TarArchiveEntry entry, InputStream content) throws IOException;
    }

    void visit(Visit visit) throws IOException {
        for (JsonNode layer : manifest.path("layers")) {
            try (var in = new TarArchiveInputStream(
                    new GZIPInputStream(new BufferedInputStream(Files.newInputStream(blob(layout, layer)))))) {
                for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                    visit.at(entry, in);
                }
            }
        }
    }

    /** Every file and folder by its path, which begins with a slash and ends without. */
    TreeMap<String, TarArchiveEntry> entries() throws IOException {
        var entries = new TreeMap<String, TarArchiveEntry>();
        visit((entry, _) -> entries.put(path(entry), entry));
        return entries;
    }

    static String path(TarArchiveEntry entry) {
        String name = entry.getName().startsWith("/") ? entry.getName() : "/" + entry.getName();
        return name.length() > 1 && name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    }

    byte[] content(String path) throws IOException {
        var found = new ArrayList<byte[]>();
        visit((entry, content) -> {
            if (path(entry).equals(path)) {
                found.add(content.readAllBytes());
            }
        });
        assertEquals(1, found.size(), path + " is in the image once");
        return found.getFirst();
    }
}
