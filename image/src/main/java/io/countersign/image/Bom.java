package io.countersign.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The bill of materials (CycloneDX 1.6): each jar of the image with the path it has there, the Debian packages, and Java.
 * What Maven's plugin knows of a jar is taken over where the SHA-256 is the same; what only Quarkus added is described by
 * its coordinates, and what Maven resolved but the image does not hold is left out.
 */
final class Bom {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path root;
    private final OciImage.Facts facts;

    Bom(Path root, OciImage.Facts facts) {
        this.root = root;
        this.facts = facts;
    }

    /** Makes it of Maven's own, of the list that Quarkus writes, and of the packages of the base. */
    String of(Path maven, Path quarkusDependencies, List<DebianBase.DebianPackage> packages)
            throws IOException, ImageTroubleException {
        JsonNode known = JSON.readTree(Files.readString(maven));
        Map<String, JsonNode> byHash = byHash(known);
        Map<String, String[]> coordinates = coordinates(quarkusDependencies);
        ObjectNode bom = JSON.createObjectNode();
        bom.put("bomFormat", "CycloneDX");
        bom.put("specVersion", "1.6");
        bom.put("version", 1);
        ObjectNode metadata = bom.putObject("metadata");
        metadata.put("timestamp", facts.made().toString());
        ObjectNode image = metadata.putObject("component");
        image.put("type", "container")
                .put("bom-ref", "image")
                .put("name", "countersign")
                .put("version", facts.version());
        ArrayNode components = bom.putArray("components");
        ObjectNode application = components.addObject();
        application.put("type", "application").put("bom-ref", "countersign").put("group", "io.countersign");
        application.put("name", "countersign").put("version", facts.version());
        licence(application, "Apache-2.0");
        ArrayNode own = occurrences(application);
        var refs = new TreeMap<String, ObjectNode>();
        for (Path jar : Trees.files(root.resolve(Application.PLACE))) {
            String path = "/" + root.relativize(jar);
            if (!path.endsWith(".jar")) {
                continue;
            }
            if (!path.startsWith("/app/lib/")) {
                own.addObject().put("location", path);
                continue;
            }
            String hash = Trees.sha256(jar);
            ObjectNode component =
                    byHash.containsKey(hash) ? byHash.get(hash).deepCopy() : described(jar, hash, coordinates);
            occurrences(component).addObject().put("location", path);
            refs.put(path, component);
        }
        components.addAll(refs.values());
        for (DebianBase.DebianPackage each : packages) {
            components.add(debian(each));
        }
        components.add(java());
        keepEdges(bom, known, components);
        return JSON.writeValueAsString(bom) + "\n";
    }

    private static Map<String, JsonNode> byHash(JsonNode known) {
        var found = new HashMap<String, JsonNode>();
        for (JsonNode component : known.path("components")) {
            for (JsonNode hash : component.path("hashes")) {
                if (hash.path("alg").asText().equals("SHA-256")) {
                    found.put(hash.path("content").asText(), component);
                }
            }
        }
        return found;
    }

    /** By the name that Quarkus gives the file: group.artifact-version[-classifier].jar. */
    private static Map<String, String[]> coordinates(Path list) throws IOException {
        var found = new HashMap<String, String[]>();
        for (String line : Files.readAllLines(list)) {
            String[] parts = line.split(":", -1);
            if (parts.length == 5) {
                String classifier = parts[2].isEmpty() ? "" : "-" + parts[2];
                found.put("%s.%s-%s%s.jar".formatted(parts[0], parts[1], parts[4], classifier), parts);
            }
        }
        return found;
    }

    private static ObjectNode described(Path jar, String hash, Map<String, String[]> coordinates)
            throws ImageTroubleException {
        String[] parts = coordinates.get(jar.getFileName().toString());
        if (parts == null) {
            throw new ImageTroubleException(
                    "nobody says what %s is: neither Maven's bill of materials nor Quarkus' list".formatted(jar));
        }
        String purl = "pkg:maven/%s/%s@%s?%stype=jar"
                .formatted(parts[0], parts[1], parts[4], parts[2].isEmpty() ? "" : "classifier=" + parts[2] + "&");
        ObjectNode component = JSON.createObjectNode();
        component.put("type", "library").put("bom-ref", purl);
        component.put("group", parts[0]).put("name", parts[1]).put("version", parts[4]);
        hash(component, hash);
        return component.put("purl", purl);
    }

    private ObjectNode debian(DebianBase.DebianPackage each) throws IOException {
        String purl = "pkg:deb/debian/%s@%s?arch=%s&distro=%s"
                .formatted(each.name(), encoded(each.version()), each.architecture(), encoded(facts.debian()));
        ObjectNode component = JSON.createObjectNode();
        component.put("type", "library").put("bom-ref", purl);
        component.put("name", each.name()).put("version", each.version());
        hash(component, Trees.sha256(each.file()));
        component.put("purl", purl);
        occurrences(component).addObject().put("location", "/var/lib/dpkg/status.d/" + each.name());
        return component;
    }

    private ObjectNode java() {
        ObjectNode component = JSON.createObjectNode();
        component.put("type", "platform").put("bom-ref", "java");
        component.putObject("supplier").put("name", facts.java().vendor());
        component.put("name", "OpenJDK").put("version", facts.java().version());
        component.put("description", "jlink: " + String.join(" ", JavaRuntime.MODULES));
        component.put("purl", "pkg:generic/openjdk@" + encoded(facts.java().version()));
        occurrences(component).addObject().put("location", "/" + JavaRuntime.PLACE);
        return component;
    }

    /** Who needs whom, as far as both are in the image. */
    private static void keepEdges(ObjectNode bom, JsonNode known, ArrayNode components) {
        var refs = new HashSet<String>();
        components.forEach(each -> refs.add(each.path("bom-ref").asText()));
        ArrayNode dependencies = bom.putArray("dependencies");
        ObjectNode image = dependencies.addObject().put("ref", "image");
        components.forEach(
                each -> image.withArray("dependsOn").add(each.path("bom-ref").asText()));
        for (JsonNode edge : known.path("dependencies")) {
            if (refs.contains(edge.path("ref").asText())) {
                ObjectNode kept =
                        dependencies.addObject().put("ref", edge.path("ref").asText());
                for (JsonNode target : edge.path("dependsOn")) {
                    if (refs.contains(target.asText())) {
                        kept.withArray("dependsOn").add(target.asText());
                    }
                }
            }
        }
    }

    private static ArrayNode occurrences(ObjectNode component) {
        return component.withObject("/evidence").withArray("occurrences");
    }

    private static void hash(ObjectNode component, String sha256) {
        component.putArray("hashes").addObject().put("alg", "SHA-256").put("content", sha256);
    }

    private static void licence(ObjectNode component, String id) {
        component.putArray("licenses").addObject().putObject("license").put("id", id);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
