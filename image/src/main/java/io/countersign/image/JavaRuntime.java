package io.countersign.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/**
 * The runtime layer: those modules of the JDK that the service uses. What jdeps finds in all jars is more, and the rest
 * is named in {@link #LEFT_OUT}; three modules it cannot find, because they are asked for by name.
 */
final class JavaRuntime {
    static final String PLACE = "opt/java";

    static final List<String> MODULES = List.of(
            "java.base",
            "java.logging",
            "java.management", // Micrometer's JVM metrics
            "java.naming", // certificate stores that Bouncy Castle and the JDK can read, by LDAP
            "java.net.http",
            "java.sql", // dates that Jackson and Gson know how to write
            "java.xml",
            "java.xml.crypto", // signatures of NVIDIA's RIMs
            "jdk.crypto.cryptoki", // keys in a PKCS#11 token; by name
            "jdk.jfr", // flight recordings: in an image without a shell the way to see where time goes; by name
            "jdk.management",
            "jdk.unsupported", // Netty's and protobuf's access to memory
            "jdk.zipfs"); // jars read as file systems; by name

    /** Packages that jars mention and the image does not have, each with who mentions them and why that is well. */
    static final List<String> LEFT_OUT = List.of(
            "java.beans", // Jackson, Micrometer, expression language and SnakeYAML: each asks first, or is never
            // reached
            "java.rmi", // exceptions of Jakarta Transactions, which nothing here throws
            "javax.annotation.processing", // Vert.x: code generation and verticles in source form
            "javax.imageio",
            "javax.lang.model",
            "javax.tools",
            "com.sun.source",
            "com.sun.tools.javac"); // Vert.x' code generation again

    private JavaRuntime() {}

    /** What the JDK that runs this says of itself. */
    record Origin(String version, String vendor) {}

    static Origin link(Path root) throws ImageTroubleException, IOException, InterruptedException {
        Path home = Path.of(System.getProperty("java.home"));
        Path runtime = root.resolve(PLACE);
        Trees.delete(runtime);
        Files.createDirectories(runtime.getParent());
        Programs.run(
                root,
                home.resolve("bin/jlink").toString(),
                "--add-modules",
                String.join(",", MODULES),
                "--no-header-files",
                "--no-man-pages",
                "--output",
                runtime.toString());
        for (String unused : List.of("bin/keytool", "bin/jfr", "lib/jexec", "lib/jrt-fs.jar")) {
            Files.deleteIfExists(runtime.resolve(unused));
        }
        var release = new Properties();
        try (var in = Files.newBufferedReader(home.resolve("release"))) {
            release.load(in);
        }
        return new Origin(unquoted(release, "JAVA_RUNTIME_VERSION"), unquoted(release, "IMPLEMENTOR"));
    }

    /** The archive of Java's own classes that every JDK brings; made anew because it is of this very set of modules. */
    static void archiveItsOwnClasses(Path root) throws ImageTroubleException, IOException, InterruptedException {
        Path runtime = root.resolve(PLACE);
        Programs.run(root, runtime.resolve("bin/java").toString(), "-XX:+UseParallelGC", "-Xshare:dump");
        Files.delete(runtime.resolve("lib/classlist"));
    }

    private static String unquoted(Properties release, String key) {
        return release.getProperty(key, "unknown").replace("\"", "");
    }
}
