package io.countersign.insecure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The demo's own folder, which goes with it. */
record DemoFolder(Path path) implements AutoCloseable {
    static DemoFolder make() throws IOException {
        var folder = new DemoFolder(Files.createTempDirectory("countersign-demo-"));
        Runtime.getRuntime().addShutdownHook(new Thread(folder::close));
        return folder;
    }

    /** Removes it; a second call does nothing. */
    @Override
    public void close() {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(path)) {
            for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            System.err.println("Could not remove " + path + ": " + e.getMessage());
        }
    }
}
