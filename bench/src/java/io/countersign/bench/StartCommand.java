package io.countersign.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A way to start the service: Java, its flags, and the jar at the end. */
record StartCommand(String name, List<String> words) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PLACES = Pattern.compile("(^|=)/(app|opt)/");

    StartCommand {
        words = List.copyOf(words);
    }

    /** What {@code ./countersign serve} runs, and each image of target/image with what its root holds. */
    static List<StartCommand> all() throws IOException {
        var all = new ArrayList<StartCommand>();
        all.add(new StartCommand(
                "packaged service, JDK",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseParallelGC",
                        "-jar",
                        "target/quarkus-app/quarkus-run.jar")));
        Path image = Path.of("target", "image").toAbsolutePath();
        Path layout = image.resolve("oci");
        if (!Files.isDirectory(layout)) {
            System.out.println("there is no image in target/image/oci: ./countersign image makes it");
            return all;
        }
        for (JsonNode each : read(layout.resolve("index.json")).path("manifests")) {
            JsonNode config = read(blob(layout, read(blob(layout, each)).path("config")));
            var words = new ArrayList<String>();
            for (JsonNode word : config.path("config").path("Entrypoint")) {
                words.add(PLACES.matcher(word.textValue())
                        .replaceAll("$1" + Matcher.quoteReplacement(image.resolve("root") + "/") + "$2/"));
            }
            // Java would start without a cache that does not fit, and the figure would be of something else.
            if (words.stream().anyMatch(word -> word.startsWith("-XX:AOTCache="))) {
                words.add(1, "-XX:AOTMode=on");
            }
            String tag = each.path("annotations")
                    .path("org.opencontainers.image.ref.name")
                    .asText();
            all.add(new StartCommand("image " + tag, words));
        }
        return all;
    }

    private static JsonNode read(Path file) throws IOException {
        return JSON.readTree(Files.readString(file));
    }

    private static Path blob(Path layout, JsonNode descriptor) {
        return layout.resolve("blobs")
                .resolve(descriptor.path("digest").asText().replace(':', '/'));
    }

    /** The whole command, with these further options for Java. */
    List<String> with(List<String> options) {
        var command = new ArrayList<>(words);
        command.addAll(words.indexOf("-jar"), options);
        return command;
    }
}
