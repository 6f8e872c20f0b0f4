package io.countersign.chart;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The chart as Helm renders it. */
public final class HelmChart {
    public static final Path FOLDER = Path.of("helm");

    /** The oldest that Chart.yaml admits. */
    private static final String KUBERNETES = "1.30.0";

    private HelmChart() {}

    /** What becomes of values. */
    public sealed interface Rendering {
        /** Documents in YAML. */
        record Rendered(String text) implements Rendering {}

        /** Helm's own words. */
        record Refused(String why) implements Rendering {}
    }

    /** The rendered text of values that must be good. */
    public static String render(String values) {
        return switch (tryToRender(values)) {
            case Rendering.Rendered(String text) -> text;
            case Rendering.Refused(String why) -> throw new AssertionError("refused:\n" + why + "\nof:\n" + values);
        };
    }

    static Rendering tryToRender(String values) {
        return tryToRender(FOLDER, values);
    }

    /** The same of a chart elsewhere. */
    static Rendering tryToRender(Path chart, String values) {
        Path file = null;
        try {
            file = Files.writeString(Files.createTempFile("countersign-values-", ".yaml"), values);
            return new Rendering.Rendered(new Helm(chart)
                    .template()
                    .withName("attest")
                    .withNamespace("trust")
                    .withKubeVersion(KUBERNETES)
                    .withValuesFile(file)
                    .call());
        } catch (IllegalStateException e) {
            return new Rendering.Refused(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(file);
        }
    }

    /** A copy to change. */
    static void copyTo(Path folder) throws IOException {
        try (var files = Files.walk(FOLDER)) {
            for (Path file : files.toList()) {
                Path to = folder.resolve(FOLDER.relativize(file).toString());
                if (!Files.isDirectory(file)) {
                    Files.createDirectories(to.getParent());
                    Files.copy(file, to);
                }
            }
        }
    }

    private static void delete(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
