package io.countersign.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;

/** The packaged service in the image: jars, the library of the signature provider, and what the start needs. */
final class Application {
    static final String PLACE = "app";
    static final String CACHE = PLACE + "/countersign.aot";
    static final String TOOLS = PLACE + "/tools";
    static final String CONFIGURATION = "etc/countersign";
    static final String DATA = "var/lib/countersign";
    static final String AUDIT = "var/log/countersign";

    /** What holds unless a file in /etc/countersign, the environment or an option says otherwise. */
    private static final String DEFAULTS = """
            countersign.data-dir=/%s
            countersign.policies-dir=/%s/policies
            """.formatted(DATA, CONFIGURATION);

    /** Options of Java, and the main class: {@code java @/app/tools policy lint …}. */
    private static final String TOOL_OPTIONS = """
            -XX:+UseParallelGC
            -XX:-UsePerfData
            --enable-native-access=ALL-UNNAMED
            --sun-misc-unsafe-memory-access=allow
            -Dcom.amazon.corretto.crypto.provider.useExternalLib=true
            -Djava.library.path=/%1$s/native
            -cp
            /%1$s/quarkus-run.jar
            io.countersign.cli.Main
            """.formatted(PLACE);

    private Application() {}

    /** Copies what Quarkus packaged as {@code aot-jar}. */
    static void fill(Path root, Path packaged) throws ImageTroubleException, IOException {
        Path app = root.resolve(PLACE);
        Trees.copyAll(packaged, app);
        Files.delete(app.resolve("quarkus-app-dependencies.txt"));
        unpackLibraries(app);
        Trees.write(app.resolve("image.properties"), DEFAULTS);
        Trees.write(root.resolve(TOOLS), TOOL_OPTIONS);
        for (String folder : List.of(CONFIGURATION + "/policies", CONFIGURATION + "/keys", DATA, AUDIT, "tmp")) {
            Files.createDirectories(root.resolve(folder));
        }
    }

    /** The provider would unpack its library into /tmp at each start, where there may be nothing to write to. */
    private static void unpackLibraries(Path app) throws ImageTroubleException, IOException {
        int found = 0;
        for (Path jar : Trees.files(app.resolve("lib/main"))) {
            if (!jar.getFileName().toString().startsWith("software.amazon.cryptools.")) {
                continue;
            }
            try (var file = new JarFile(jar.toFile())) {
                for (var entry : file.stream()
                        .filter(each -> each.getName().endsWith(".so"))
                        .toList()) {
                    Path to = app.resolve("native")
                            .resolve(Path.of(entry.getName()).getFileName());
                    Files.createDirectories(to.getParent());
                    try (var in = file.getInputStream(entry)) {
                        Files.copy(in, to);
                    }
                    found++;
                }
            }
        }
        if (found == 0) {
            throw new ImageTroubleException("no library of the signature provider was found in " + app);
        }
    }
}
