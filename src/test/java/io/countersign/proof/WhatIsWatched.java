package io.countersign.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The chart's alert rules and dashboard, as files. */
final class WhatIsWatched {
    static final Path ALERTS = Path.of("helm", "files", "alerts.yaml");
    static final Path DASHBOARD = Path.of("helm", "files", "dashboard.json");
    static final Path PAGE = Path.of("docs", "observe.md");

    private WhatIsWatched() {}

    /** One rule. */
    record Alert(String name, String expression, String severity, Map<String, String> annotations) {}

    static List<Alert> alerts() throws IOException {
        var file = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(ALERTS));
        return list(file, "groups").stream()
                .flatMap(group -> list((Map<?, ?>) group, "rules").stream())
                .map(rule -> alert((Map<?, ?>) rule))
                .toList();
    }

    private static List<?> list(Map<?, ?> node, String member) {
        return (List<?>) Objects.requireNonNull(node.get(member), member);
    }

    private static Map<?, ?> map(Map<?, ?> node, String member) {
        return (Map<?, ?>) Objects.requireNonNull(node.get(member), member);
    }

    private static Alert alert(Map<?, ?> rule) {
        var annotations = new LinkedHashMap<String, String>();
        map(rule, "annotations").forEach((key, value) -> annotations.put(key.toString(), value.toString()));
        return new Alert(
                String.valueOf(rule.get("alert")),
                String.valueOf(rule.get("expr")),
                String.valueOf(map(rule, "labels").get("severity")),
                annotations);
    }

    static JsonNode dashboard() throws IOException {
        return new ObjectMapper().readTree(DASHBOARD.toFile());
    }

    /** Every panel, the rows too. */
    static List<JsonNode> panels() throws IOException {
        return ((ArrayNode) dashboard().path("panels")).valueStream().toList();
    }

    /** Every expression of the dashboard, with its variables as Grafana would fill them in. */
    static List<String> dashboardExpressions() throws IOException {
        Stream<String> annotations = dashboard()
                .path("annotations")
                .path("list")
                .valueStream()
                .map(each -> each.path("expr").asText());
        Stream<String> targets = panels().stream()
                .flatMap(panel -> panel.path("targets").valueStream())
                .map(target -> target.path("expr").asText());
        return Stream.concat(annotations, targets)
                .map(each -> each.replace("$__rate_interval", "1m")
                        .replace("$instance", ".*")
                        .replace("$policy", ".*"))
                .toList();
    }
}
