package io.countersign.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same inputs give the same image: another folder, another process, another time. */
class ReproducibleImageTest {
    @Test
    void aSecondBuildOfTheSamePackagedServiceHasTheSameDigest(@TempDir Path elsewhere)
            throws IOException, InterruptedException, ImageTroubleException {
        Path first = BuiltImage.OUTPUT;
        assumeTrue(Files.isDirectory(first.resolve("oci")), "there is no image: run ./countersign image first");
        Trees.copyAll(first.resolve("quarkus"), elsewhere.resolve("quarkus"));
        for (Path file : Trees.files(first.resolve("debian"))) {
            if (file.toString().endsWith(".deb")) {
                Trees.copy(file, elsewhere.resolve("debian").resolve(file.getFileName()));
            }
        }
        Trees.copy(first.resolve("maven.cdx.json"), elsewhere.resolve("maven.cdx.json"));
        String made = BuiltImage.read(BuiltImage.PLAIN).config().path("created").asText();
        Programs.run(
                elsewhere,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                BuildImage.class.getName(),
                Path.of("..").toAbsolutePath().toString(),
                elsewhere.toString(),
                BuiltImage.PLAIN,
                made,
                "--without-cache");
        assertEquals(
                Files.readString(first.resolve("countersign-0.1.0.digest")),
                Files.readString(elsewhere.resolve("countersign-0.1.0.digest")));
    }
}
