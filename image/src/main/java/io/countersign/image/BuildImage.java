package io.countersign.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * {@code ./countersign image}: the packaged service in, an OCI image layout out. Two images come of one root: one that is
 * the same bits for the same inputs, and one that has the cache of a training run as its last layer.
 */
public final class BuildImage {
    private final Path project;
    private final Path output;
    private final Instant made;
    private final String version;

    private BuildImage(Path project, Path output, Instant made, String version) {
        this.project = project;
        this.output = output;
        this.made = made;
        this.version = version;
    }

    /**
     * Arguments: the project's folder, the folder to fill, the release's version and time; {@code --without-cache} spares
     * the training run.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean without = arguments.length == 5 && arguments[4].equals("--without-cache");
        if (arguments.length != 4 && !without) {
            System.err.println(
                    "image: expected <project> <output> <version> <time> [--without-cache]; run ./countersign image");
            System.exit(64);
        }
        try {
            var build = new BuildImage(
                    Path.of(arguments[0]).toAbsolutePath().normalize(),
                    Path.of(arguments[1]).toAbsolutePath().normalize(),
                    Instant.parse(arguments[3]),
                    arguments[2]);
            build.run(without ? Launch.Cache.NONE : Launch.Cache.TRAINED);
        } catch (ImageTroubleException e) {
            System.err.println("image: " + e.getMessage());
            System.exit(1);
        }
    }

    private void run(Launch.Cache last) throws ImageTroubleException, IOException, InterruptedException {
        Path root = output.resolve("root");
        OciImage.Facts facts = assemble(output.resolve("quarkus"), root);
        var image = new OciImage(root, facts, output.resolve("cache"));
        var archives = new LinkedHashMap<String, Path>();
        write(image, version, Launch.Cache.NONE, archives);
        if (last == Launch.Cache.TRAINED) {
            AotCache.train(root, new Fixtures(project.resolve("fixtures")), output.resolve("training"));
            write(image, version + "-aot", Launch.Cache.TRAINED, archives);
        }
        OciLayout.write(output.resolve("oci"), archives);
        Trees.delete(output.resolve("cache"));
    }

    private void write(OciImage image, String tag, Launch.Cache cache, Map<String, Path> archives)
            throws ImageTroubleException, IOException, InterruptedException {
        Path archive = output.resolve("countersign-%s.tar".formatted(tag));
        String digest = image.write(archive, tag, cache);
        Trees.write(output.resolve("countersign-%s.digest".formatted(tag)), digest + "\n");
        archives.put(tag, archive);
        System.out.printf("countersign:%s %s%n", tag, digest);
    }

    /** Fills the root; everything in it has one time. */
    private OciImage.Facts assemble(Path packaged, Path root)
            throws ImageTroubleException, IOException, InterruptedException {
        if (!Files.isRegularFile(packaged.resolve("quarkus-run.jar"))) {
            throw new ImageTroubleException(
                    "there is no packaged service in %s; run ./countersign image".formatted(packaged));
        }
        Trees.fresh(root);
        List<DebianBase.DebianPackage> packages = new DebianBase(output.resolve("debian")).fill(root);
        JavaRuntime.Origin java = JavaRuntime.link(root);
        Application.fill(root, packaged);
        var facts = new OciImage.Facts(version, architecture(packages), made, distribution(root), java);
        String bom = new Bom(root, facts)
                .of(output.resolve("maven.cdx.json"), packaged.resolve("quarkus-app-dependencies.txt"), packages);
        Trees.write(output.resolve("sbom.cdx.json"), bom);
        Trees.write(root.resolve(Application.PLACE).resolve("sbom.cdx.json"), bom);
        Trees.date(root, made);
        JavaRuntime.archiveItsOwnClasses(root);
        Trees.date(root, made);
        return facts;
    }

    /** Debian's words and OCI's are the same for both that Java and the signature provider exist for. */
    private static String architecture(List<DebianBase.DebianPackage> packages) throws ImageTroubleException {
        for (DebianBase.DebianPackage each : packages) {
            switch (each.architecture()) {
                case "all" -> {}
                case "amd64", "arm64" -> {
                    return each.architecture();
                }
                default ->
                    throw new ImageTroubleException(
                            "an image is made for amd64 or arm64, not for " + each.architecture());
            }
        }
        throw new ImageTroubleException("the base has no package of an architecture");
    }

    private static String distribution(Path root) throws IOException {
        var release = new Properties();
        try (var in = Files.newBufferedReader(root.resolve("etc/os-release"))) {
            release.load(in);
        }
        return "%s-%s"
                .formatted(
                        release.getProperty("ID", "unknown").replace("\"", ""),
                        release.getProperty("VERSION_ID", "unknown").replace("\"", ""));
    }
}
