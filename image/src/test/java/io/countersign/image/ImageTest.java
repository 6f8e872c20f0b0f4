package io.countersign.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is in the image, and what is not. */
class ImageTest {
    private static final int ANY_EXECUTE = 0111;
    private static final int SET_ID_OR_STICKY = 07000;
    private static final int WRITE_BY_OTHERS = 0022;
    private static final int SERVICE = 10001;

    @Test
    void saysWhoItIsAndHowItIsStarted() throws IOException {
        BuiltImage image = BuiltImage.read(BuiltImage.PLAIN);
        JsonNode config = image.config().path("config");
        assertEquals("10001:10001", config.path("User").asText());
        assertTrue(config.path("ExposedPorts").has("8080/tcp"));
        assertTrue(config.path("Volumes").has("/var/lib/countersign"));
        assertEquals(Launch.entrypoint(Launch.Cache.NONE), image.words("Entrypoint"));
        assertEquals("/opt/java/bin/java", image.words("Entrypoint").getFirst());
        assertFalse(config.has("Cmd"));
        for (String label : List.of("title", "description", "version", "created", "licenses", "vendor")) {
            assertFalse(
                    config.path("Labels")
                            .path("org.opencontainers.image." + label)
                            .asText()
                            .isBlank(),
                    label);
        }
        assertEquals("linux", image.config().path("os").asText());
        assertEquals(
                "application/vnd.oci.image.layer.v1.tar+gzip",
                image.manifest().path("layers").get(0).path("mediaType").asText());
    }

    @Test
    void theServiceMayWriteOnlyWhereItsDataIs() throws IOException {
        var own = new TreeSet<String>();
        for (var each : BuiltImage.read(BuiltImage.TRAINED).entries().entrySet()) {
            var facts = each.getValue();
            assertEquals(0, facts.getMode() & SET_ID_OR_STICKY, each.getKey());
            assertEquals(0, facts.getMode() & WRITE_BY_OTHERS, each.getKey());
            assertTrue(facts.isFile() || facts.isDirectory(), each.getKey() + " is neither a file nor a folder");
            if (facts.getLongUserId() == SERVICE) {
                own.add(each.getKey());
            } else {
                assertEquals(0, facts.getLongUserId(), each.getKey());
            }
        }
        assertEquals(Set.of("/tmp", "/var/lib/countersign", "/var/log/countersign"), own);
    }

    @Test
    void nothingCanBeRunButJavaAndTheLoaderOfLibraries() throws IOException {
        var runnable = new ArrayList<String>();
        for (var each : BuiltImage.read(BuiltImage.TRAINED).entries().entrySet()) {
            if (each.getValue().isFile() && (each.getValue().getMode() & ANY_EXECUTE) != 0) {
                runnable.add(each.getKey());
            }
        }
        runnable.removeIf(path -> path.matches("/lib(64|/[^/]+-linux-gnu)?/ld-linux[^/]*"));
        assertEquals(List.of("/opt/java/bin/java", "/opt/java/lib/jspawnhelper"), runnable);
    }

    @Test
    void hasNoShellAndNoPackageManagerUnderAnyName() throws IOException {
        for (var each : BuiltImage.read(BuiltImage.TRAINED).entries().entrySet()) {
            String path = each.getKey();
            // The records under /var/lib/dpkg stay; they are not the program.
            assertFalse(
                    each.getValue().isFile()
                            && path.matches(
                                    ".*/(sh|bash|dash|ash|busybox|apt|apt-get|dpkg|dpkg-deb|apk|rpm|perl|python[0-9.]*)"),
                    path);
        }
    }

    @Test
    void theCacheIsTheOnlyLayerThatTheTwoImagesDoNotShare() throws IOException {
        List<String> plain = BuiltImage.read(BuiltImage.PLAIN).layerDigests();
        List<String> trained = BuiltImage.read(BuiltImage.TRAINED).layerDigests();
        assertEquals(plain, trained.subList(0, trained.size() - 1));
        var more = new TreeSet<>(BuiltImage.read(BuiltImage.TRAINED).entries().keySet());
        more.removeAll(BuiltImage.read(BuiltImage.PLAIN).entries().keySet());
        assertEquals(Set.of("/app/countersign.aot"), more);
    }

    @Test
    void theBillOfMaterialsListsExactlyTheJarsOfTheImage() throws IOException {
        BuiltImage image = BuiltImage.read(BuiltImage.PLAIN);
        var jars = new TreeSet<>(image.entries().keySet());
        jars.removeIf(path -> !path.endsWith(".jar"));
        assertTrue(jars.size() > 100, "jars found: " + jars.size());
        var listed = new ArrayList<String>();
        bom(image).path("components").forEach(component -> component
                .path("evidence")
                .path("occurrences")
                .findValuesAsText("location")
                .forEach(location -> {
                    if (location.endsWith(".jar")) {
                        listed.add(location);
                    }
                }));
        assertEquals(List.copyOf(jars), listed.stream().sorted().toList());
    }

    @Test
    void everyComponentHasAVersionAndAPackageAddress() throws IOException {
        for (JsonNode component : bom(BuiltImage.read(BuiltImage.PLAIN)).path("components")) {
            assertFalse(
                    component.path("version").asText().isBlank(),
                    component.path("name").asText());
            assertTrue(
                    component.path("purl").asText().startsWith("pkg:")
                            || component.path("name").asText().equals("countersign"),
                    component.path("name").asText());
        }
    }

    @Test
    void theBillOfMaterialsNamesJavaAndEveryPackageOfTheBase() throws IOException {
        BuiltImage image = BuiltImage.read(BuiltImage.PLAIN);
        var packages = new TreeSet<String>();
        var named = new TreeSet<String>();
        image.entries().keySet().forEach(path -> {
            if (path.startsWith("/var/lib/dpkg/status.d/")) {
                packages.add(path.substring(path.lastIndexOf('/') + 1));
            }
        });
        boolean java = false;
        for (JsonNode component : bom(image).path("components")) {
            if (component.path("purl").asText().startsWith("pkg:deb/")) {
                named.add(component.path("name").asText());
            }
            java |= component.path("name").asText().equals("OpenJDK")
                    && component.path("version").asText().startsWith("25");
        }
        assertTrue(packages.contains("libc6"));
        assertEquals(packages, named);
        assertTrue(java);
    }

    @Test
    void theBillOfMaterialsInTheImageIsTheOneBesideIt() throws IOException {
        assertArrayEquals(
                Files.readAllBytes(BuiltImage.OUTPUT.resolve("sbom.cdx.json")),
                BuiltImage.read(BuiltImage.PLAIN).content("/app/sbom.cdx.json"));
    }

    private static JsonNode bom(BuiltImage image) throws IOException {
        return new ObjectMapper().readTree(image.content("/app/sbom.cdx.json"));
    }
}
