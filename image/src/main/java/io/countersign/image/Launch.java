package io.countersign.image;

import java.util.ArrayList;
import java.util.List;

/** How the service is started in the image, which the training of the cache must repeat to the letter. */
final class Launch {
    private Launch() {}

    /** The options of Java: memory by the container's limit, and nothing that needs a place to write. */
    static List<String> options(String app) {
        return List.of(
                // On few cores the parallel collector costs less and pauses shorter than the default: bench/README.md.
                "-XX:+UseParallelGC",
                // The other half is for code, class data, threads and the buffers of the network.
                "-XX:MaxRAMPercentage=50",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+ErrorFileToStdout",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                // Vert.x would unpack resources of jars below /tmp; nothing is served from there.
                "-Dquarkus.vertx.classpath-resolving=false",
                "-Dquarkus.vertx.caching=false",
                "-Dcom.amazon.corretto.crypto.provider.useExternalLib=true",
                "-Djava.library.path=" + app + "/native");
    }

    /** The whole command of an image, with a cache of classes or without. */
    static List<String> entrypoint(Cache cache) {
        var command = new ArrayList<String>();
        command.add("/" + JavaRuntime.PLACE + "/bin/java");
        if (cache == Cache.TRAINED) {
            command.add("-XX:AOTCache=/" + Application.CACHE);
        }
        command.addAll(options("/" + Application.PLACE));
        command.addAll(List.of("-jar", "/" + Application.PLACE + "/quarkus-run.jar"));
        return command;
    }

    /** Whether a run at build time left behind what Java learned in it. */
    enum Cache {
        NONE,
        TRAINED
    }
}
