package io.countersign.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each value has its reason, in values.yaml and in the table of the README, and the schema knows exactly these. */
class ChartValuesTest {
    private static final Path VALUES = HelmChart.FOLDER.resolve("values.yaml");
    private static final Path README = HelmChart.FOLDER.resolve("README.md");
    private static final Pattern MEMBER = Pattern.compile("( *)([A-Za-z_][A-Za-z0-9_]*):.*");
    private static final Pattern TABLE = Pattern.compile("(?s)(<!-- values -->\n).*(<!-- /values -->)");

    /** A value, what it is unless set, and what the comment above it says. */
    private record Value(JsonNode unlessSet, String reason) {}

    private static Map<String, Value> values() throws IOException {
        JsonNode tree = ValueSet.read(Files.readString(VALUES));
        var found = new LinkedHashMap<String, Value>();
        var parents = new ArrayDeque<String>();
        var comment = new ArrayList<String>();
        int inList = Integer.MAX_VALUE;
        for (String line : Files.readAllLines(VALUES)) {
            Matcher member = MEMBER.matcher(line);
            int indent = line.length() - line.stripLeading().length();
            if (line.strip().startsWith("#")) {
                comment.add(line.strip().substring(1).strip());
            } else if (line.isBlank()) {
                comment.clear();
            } else if (indent <= inList && member.matches()) {
                inList = Integer.MAX_VALUE;
                while (parents.size() > indent / 2) {
                    parents.removeLast();
                }
                parents.addLast(member.group(2));
                JsonNode value = tree.at("/" + String.join("/", parents));
                if (!value.isObject() || value.isEmpty()) {
                    found.put(String.join(".", parents), new Value(value, String.join(" ", comment)));
                    inList = value.isArray() ? indent : Integer.MAX_VALUE;
                }
                comment.clear();
            }
        }
        return found;
    }

    private static Set<String> leaves(JsonNode tree, String path) {
        var leaves = new TreeSet<String>();
        tree.properties().forEach(each -> {
            String place = path.isEmpty() ? each.getKey() : path + "." + each.getKey();
            if (each.getValue().isObject() && !each.getValue().isEmpty()) {
                leaves.addAll(leaves(each.getValue(), place));
            } else {
                leaves.add(place);
            }
        });
        return leaves;
    }

    @Test
    void everyValueHasAReasonAboveIt() throws IOException {
        var values = values();
        assertEquals(leaves(ValueSet.read(Files.readString(VALUES)), ""), new TreeSet<>(values.keySet()));
        values.forEach((name, value) -> {
            assertTrue(value.reason().length() > 20, () -> name + " has no reason above it");
            assertTrue(value.reason().endsWith("."), () -> name + ": " + value.reason());
        });
    }

    /** With -Dgolden the table is written anew. */
    @Test
    void theReadmeHasTheSameTable() throws IOException {
        var table = new StringBuilder("| value | unless set | why |\n|---|---|---|\n");
        values().forEach((name, value) -> table.append("| `%s` | %s | %s |\n"
                .formatted(name, shown(value.unlessSet()), value.reason().replace("|", "\\|"))));
        String readme = Files.readString(README);
        Matcher place = TABLE.matcher(readme);
        assertTrue(place.find());
        String expected = place.replaceFirst("$1" + Matcher.quoteReplacement(table.toString()) + "$2");
        if (System.getProperty("golden") != null) {
            Files.writeString(README, expected);
        }
        assertEquals(expected, Files.readString(README), "-Dgolden writes the table of helm/README.md anew");
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() > 40 ? "see values.yaml" : "`%s`".formatted(text);
    }

    /** What may be set is what is documented; what is inside a map of the operator's own names, the schema alone says. */
    @Test
    void theSchemaKnowsTheseValuesAndIsClosed() throws IOException {
        JsonNode schema = new ObjectMapper()
                .readTree(HelmChart.FOLDER.resolve("values.schema.json").toFile());
        var known = new TreeSet<String>();
        collect(schema, schema, "", known);
        known.remove("global");
        var documented = new TreeSet<>(values().keySet());
        // Grafana's label is a default in a map that is otherwise the operator's.
        documented.remove("dashboard.labels.grafana_dashboard");
        documented.add("dashboard.labels");
        documented.removeAll(List.of("resources.requests.cpu", "resources.requests.memory", "resources.limits.memory"));
        documented.addAll(List.of("resources.requests", "resources.limits"));
        assertEquals(documented, known);
    }

    private static void collect(JsonNode root, JsonNode schema, String path, Set<String> known) {
        JsonNode properties = schema.path("properties");
        boolean maps = schema.path("type").asText().equals("object");
        boolean inside = properties.isObject() && !path.equals("scheduling.affinity");
        if (!inside) {
            known.add(path);
            return;
        }
        assertTrue(maps && schema.path("additionalProperties").equals(root.path("additionalProperties")), path);
        assertFalse(schema.path("additionalProperties").asBoolean(true), () -> path + " is open");
        properties
                .properties()
                .forEach(each -> collect(
                        root, each.getValue(), path.isEmpty() ? each.getKey() : path + "." + each.getKey(), known));
    }
}
