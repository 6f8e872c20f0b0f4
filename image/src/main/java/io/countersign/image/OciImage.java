package io.countersign.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FileEntry;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/**
 * An image of a root folder, as an OCI archive. Times, owners, permissions and the order of files are set here, so that
 * the same files give the same digest wherever and whenever it is built.
 */
final class OciImage {
    static final String USER = "10001:10001";

    private static final String ROOT = "0:0";
    /** What belongs to whom the service runs as; everything else it can only read. */
    private static final List<String> OWNED = List.of(Application.DATA, Application.AUDIT, "tmp");

    private final Path root;
    private final Facts facts;
    private final Path cache;

    /**
     * What is written on the image.
     *
     * @param architecture in the words of OCI
     * @param made of every file and of the image: the time of the release, not of the build
     */
    record Facts(String version, String architecture, Instant made, String debian, JavaRuntime.Origin java) {}

    OciImage(Path root, Facts facts, Path cache) {
        this.root = root;
        this.facts = facts;
        this.cache = cache;
    }

    /** Writes the archive, and gives the digest of its manifest. */
    String write(Path archive, String tag, Launch.Cache launch)
            throws IOException, InterruptedException, ImageTroubleException {
        var layers = new ArrayList<>(List.of(
                layer(
                        "base",
                        List.of(
                                "etc/os-release",
                                "etc/passwd",
                                "etc/group",
                                "etc/nsswitch.conf",
                                "lib",
                                "lib64",
                                "usr",
                                "var/lib/dpkg")),
                layer("java", List.of(JavaRuntime.PLACE)),
                layer("dependencies", List.of("app/lib", "app/native")),
                application()));
        if (launch == Launch.Cache.TRAINED) {
            layers.add(layer("cache", List.of(Application.CACHE)));
        }
        Files.deleteIfExists(archive);
        try {
            JibContainer made = Jib.fromScratch()
                    .setFormat(ImageFormat.OCI)
                    .setPlatforms(Set.of(new Platform(facts.architecture(), "linux")))
                    .setCreationTime(facts.made())
                    .setFileEntriesLayers(layers)
                    .setUser(USER)
                    .setWorkingDirectory(AbsoluteUnixPath.get("/" + Application.DATA))
                    .setExposedPorts(Port.tcp(8080))
                    .setVolumes(AbsoluteUnixPath.get("/" + Application.DATA))
                    .setEnvironment(new TreeMap<>(Map.of(
                            "LANG",
                            "C.UTF-8",
                            "SMALLRYE_CONFIG_LOCATIONS",
                            "/%s/application.properties,/app/image.properties".formatted(Application.CONFIGURATION))))
                    .setEntrypoint(Launch.entrypoint(launch))
                    .setLabels(labels())
                    .containerize(Containerizer.to(TarImage.at(archive).named("countersign:" + tag))
                            .setOfflineMode(true)
                            .setToolName("countersign")
                            .setToolVersion(facts.version())
                            .setBaseImageLayersCache(cache)
                            .setApplicationLayersCache(cache));
            return made.getDigest().toString();
        } catch (InvalidImageReferenceException
                | RegistryException
                | CacheDirectoryCreationException
                | ExecutionException e) {
            throw new ImageTroubleException("the image could not be written to %s: %s".formatted(archive, e));
        }
    }

    /** Sorted, as everything that reaches the configuration must be: the order of Map.of differs from run to run. */
    private Map<String, String> labels() {
        return new TreeMap<>(Map.of(
                "org.opencontainers.image.title",
                "Countersign",
                "org.opencontainers.image.description",
                "Attestation verification service for confidential computing",
                "org.opencontainers.image.version",
                facts.version(),
                "org.opencontainers.image.created",
                facts.made().toString(),
                "org.opencontainers.image.licenses",
                "Apache-2.0",
                "org.opencontainers.image.vendor",
                "Countersign",
                "io.countersign.base",
                "libc6 of " + facts.debian(),
                "io.countersign.java",
                facts.java().vendor() + " " + facts.java().version()));
    }

    /** Everything of the root that no other layer has. */
    private FileEntriesLayer application() throws IOException {
        var layer = FileEntriesLayer.builder().setName("application");
        for (Path file : Trees.files(root.resolve(Application.PLACE))) {
            String path = root.relativize(file).toString();
            if (!path.startsWith("app/lib/") && !path.startsWith("app/native/") && !path.equals(Application.CACHE)) {
                layer.addEntry(entry(file));
            }
        }
        for (String folder : List.of(
                Application.CONFIGURATION + "/policies",
                Application.CONFIGURATION + "/keys",
                Application.DATA,
                Application.AUDIT,
                "tmp")) {
            layer.addEntry(entry(root.resolve(folder)));
        }
        return layer.build();
    }

    private FileEntriesLayer layer(String name, List<String> places) throws IOException {
        var layer = FileEntriesLayer.builder().setName(name);
        for (String place : places) {
            for (Path file : Trees.files(root.resolve(place))) {
                layer.addEntry(entry(file));
            }
        }
        return layer.build();
    }

    private FileEntry entry(Path file) {
        String path = root.relativize(file).toString();
        boolean runnable = Files.isDirectory(file)
                || path.startsWith(JavaRuntime.PLACE + "/bin/")
                || path.endsWith("/jspawnhelper")
                || file.getFileName().toString().startsWith("ld-linux");
        boolean owned = OWNED.contains(path);
        return new FileEntry(
                file,
                AbsoluteUnixPath.get("/" + path),
                FilePermissions.fromOctalString(owned ? "750" : runnable ? "755" : "644"),
                facts.made(),
                owned ? USER : ROOT);
    }
}
