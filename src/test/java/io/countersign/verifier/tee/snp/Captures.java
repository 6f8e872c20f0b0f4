package io.countersign.verifier.tee.snp;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** The genuine SNP captures, read where they lie; tests that need them are skipped where they are not. */
final class Captures {
    private static final Path FOLDER =
            Path.of(System.getProperty("countersign.evidence", "../shared/evidence"), "sev-snp");

    /** One entry of the manifest. */
    record Capture(String id, JsonNode entry) {
        Bytes report() {
            return file("snp-report").orElseThrow().slice(0, AttestationReport.LENGTH);
        }

        /** The report as it was captured, whatever follows it included. */
        Bytes reportAsIs() {
            return file("snp-report").orElseThrow();
        }

        Bytes vek() {
            return file("vcek").or(() -> file("vlek")).orElseThrow();
        }

        JsonNode expected() {
            return entry.get("expected");
        }

        Instant hint() {
            return Instant.parse(
                    expected().get("verification_time_hint").asText().replace(' ', 'T'));
        }

        private Optional<Bytes> file(String role) {
            return StreamSupport.stream(entry.get("files").spliterator(), false)
                    .filter(file -> file.get("role").asText().startsWith(role)
                            && !file.get("file").asText().endsWith(".pem"))
                    .map(file -> Captures.read(file.get("file").asText()))
                    .findFirst();
        }

        @Override
        public String toString() {
            return id;
        }
    }

    private Captures() {}

    static List<Capture> all() {
        JsonNode manifest;
        try {
            manifest = new ObjectMapper().readTree(read("MANIFEST.json").toUtf8());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return StreamSupport.stream(manifest.get("entries").spliterator(), false)
                .map(entry -> new Capture(entry.get("id").asText(), entry))
                .toList();
    }

    static Capture named(String id) {
        return all().stream()
                .filter(capture -> capture.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    static Bytes read(String file) {
        Path path = FOLDER.resolve(file);
        assumeTrue(Files.exists(path), () -> "no genuine captures at " + FOLDER + ": set -Dcountersign.evidence");
        try {
            return Bytes.copyOf(Files.readAllBytes(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
