package io.countersign.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder {@code fixtures/} of the project, wherever the tests are run from. */
public final class FixtureFolder {
    private FixtureFolder() {}

    /** {@code fixtures} under the working directory, or where {@code -Dcountersign.fixtures} says. */
    public static Path root() {
        return Path.of(System.getProperty("countersign.fixtures", "fixtures"));
    }

    public static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
