package io.countersign.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SequencedMap;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** One OCI image layout (image-spec 1.0, image-layout.md) of several archives; layers that they share are there once. */
final class OciLayout {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAME = "org.opencontainers.image.ref.name";

    private OciLayout() {}

    /** Writes a layout with these archives, by their tags. */
    static void write(Path layout, SequencedMap<String, Path> archives) throws IOException, ImageTroubleException {
        Trees.fresh(layout);
        ObjectNode index = JSON.createObjectNode();
        index.put("schemaVersion", 2);
        index.put("mediaType", "application/vnd.oci.image.index.v1+json");
        var manifests = index.putArray("manifests");
        for (var archive : archives.entrySet()) {
            for (JsonNode manifest : unpack(archive.getValue(), layout).path("manifests")) {
                ObjectNode named = manifest.deepCopy();
                named.putObject("annotations").put(NAME, archive.getKey());
                manifests.add(named);
            }
        }
        Trees.write(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}\n");
        Trees.write(layout.resolve("index.json"), JSON.writeValueAsString(index) + "\n");
    }

    private static JsonNode unpack(Path archive, Path layout) throws IOException, ImageTroubleException {
        JsonNode index = JSON.missingNode();
        try (var in = new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.getName().equals("index.json")) {
                    index = JSON.readTree(in.readAllBytes());
                } else if (entry.getName().matches("blobs/sha256/[0-9a-f]{64}")) {
                    Path blob = layout.resolve(entry.getName());
                    Files.createDirectories(blob.getParent());
                    if (!Files.exists(blob)) {
                        Files.copy(in, blob);
                    }
                }
            }
        }
        if (index.isMissingNode()) {
            throw new ImageTroubleException("%s is not an OCI archive: it has no index.json".formatted(archive));
        }
        return index;
    }
}
