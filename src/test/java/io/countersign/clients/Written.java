package io.countersign.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel shows after a write of somebody else. */
final class Written {
    private Written() {}

    static void oneMore(Path generation) {
        try {
            Files.writeString(
                    generation, Long.parseLong(Files.readString(generation).strip()) + 1 + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
