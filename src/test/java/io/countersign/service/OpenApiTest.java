package io.countersign.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The published document is the reviewed one, and names every route that there is. */
@QuarkusTest
@TestProfile(ProductionLike.class)
class OpenApiTest {
    private static final Path RESOURCES = Path.of("src/main/java/io/countersign/service/api");
    private static final Pattern PATH = Pattern.compile("@Path\\(\"([^\"]*)\"\\)");
    private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+):[^}]*}");

    @Test
    void whatIsPublishedIsWhatWasReviewed() {
        JsonNode published = Http.parse(
                Http.request().accept("application/json").get("/q/openapi").asString());
        for (String part : Set.of(
                "/openapi", "/info/title", "/info/version", "/info/description", "/components/schemas", "/tags")) {
            assertEquals(sorted(OpenApi.REVIEWED.at(part)), sorted(published.at(part)), part);
        }
        assertEquals(paths(OpenApi.REVIEWED), paths(published));
        for (String path : paths(OpenApi.REVIEWED)) {
            String pointer = "/paths/" + path.replace("~", "~0").replace("/", "~1");
            assertEquals(operations(OpenApi.REVIEWED.at(pointer)), operations(published.at(pointer)), path);
        }
    }

    /** Arrays of words in one order: the framework is free in theirs. */
    private static String sorted(JsonNode node) {
        if (node.isObject()) {
            return node.properties().stream()
                    .map(member -> member.getKey() + ":" + sorted(member.getValue()))
                    .sorted()
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (node.isArray()) {
            return StreamSupport.stream(node.spliterator(), false)
                    .map(OpenApiTest::sorted)
                    .sorted()
                    .collect(Collectors.joining(",", "[", "]"));
        }
        return node.isTextual() ? node.textValue().strip() : node.toString();
    }

    private static Set<String> paths(JsonNode document) {
        var paths = new TreeSet<String>();
        document.get("paths").fieldNames().forEachRemaining(paths::add);
        return paths;
    }

    private static Set<String> operations(JsonNode path) {
        return path.properties().stream()
                .map(operation -> operation.getKey() + " "
                        + operation.getValue().path("operationId").asText() + " "
                        + sorted(operation.getValue().path("responses")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyRouteOfTheCodeStandsInIt() throws IOException {
        var routes = new TreeSet<String>();
        try (Stream<Path> files = Files.list(RESOURCES)) {
            for (Path file : files.filter(path -> path.toString().endsWith("Resource.java"))
                    .toList()) {
                routes.addAll(routes(Files.readString(file)));
            }
        }
        routes.remove("/insecure/.well-known/openid-configuration"); // laboratories only
        var documented = paths(OpenApi.REVIEWED).stream()
                .filter(path -> !path.startsWith("/q/"))
                .map(path -> path.replace("{page}", "{code}.md"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(documented, routes);
    }

    /** A class's own path and those of its methods below it. */
    private static Set<String> routes(String source) {
        var found = PATH.matcher(source).results().map(match -> match.group(1)).toList();
        String base = found.getFirst();
        var routes = new TreeSet<String>();
        int methods = Pattern.compile("@(GET|POST)\\b")
                .matcher(source)
                .results()
                .toList()
                .size();
        if (methods > found.size() - 1) {
            routes.add(base);
        }
        for (String path : found.subList(1, found.size())) {
            String joined = (base + "/" + path).replaceAll("/+", "/");
            routes.add(VARIABLE.matcher(joined).replaceAll("{$1}"));
        }
        return routes;
    }
}
