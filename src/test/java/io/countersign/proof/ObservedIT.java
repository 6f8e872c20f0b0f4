package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.proof.Exposition.Metric;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the running service exposes is what the page documents, and what alerts and dashboard ask for: a real Prometheus
 * scrapes a service to which everything has happened.
 */
class ObservedIT {
    private static final Pattern ROW =
            Pattern.compile("\\| `([a-z0-9_]+)` \\| (counter|gauge|histogram|summary) \\| ([^|]*) \\|.*");

    /** What a stranger may write anything into is no label. */
    private static final Set<String> LABELS = Set.of(
            "active",
            "area",
            "audience",
            "change",
            "channel",
            "code",
            "digest",
            "failure",
            "file",
            "kind",
            "limit",
            "operation",
            "outcome",
            "policy",
            "provider",
            "reason",
            "rule",
            "set",
            "shadow",
            "standing",
            "state",
            "status",
            "tee",
            "vendor",
            "verb",
            "version",
            "warning",
            "within");

    private static EverythingHappens happening;
    private static Exposition exposition;

    @BeforeAll
    static void start() throws Exception {
        happening = EverythingHappens.start();
        String text = "";
        // Endorsements that came in are shown within some seconds, and shadow policies judge after the answer.
        for (int look = 0; look < 60 && !text.contains("countersign_endorsement_next_expiry_seconds{"); look++) {
            Thread.sleep(500);
            text = happening.service().get("/q/metrics").body();
        }
        exposition = Exposition.read(text);
    }

    @AfterAll
    static void close() {
        happening.close();
    }

    private static Map<String, Metric> documented() throws Exception {
        var rows = new TreeMap<String, Metric>();
        for (String line : Files.readAllLines(WhatIsWatched.PAGE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                Set<String> labels = Pattern.compile("`([a-z_]+)`")
                        .matcher(row.group(3))
                        .results()
                        .map(found -> found.group(1))
                        .collect(Collectors.toSet());
                assertEquals(null, rows.put(row.group(1), new Metric(row.group(2), labels)), row.group(1));
            }
        }
        return rows;
    }

    private static Map<String, Metric> ours(Map<String, Metric> all) {
        var ours = new TreeMap<>(all);
        ours.keySet().removeIf(name -> !name.startsWith("countersign_"));
        return ours;
    }

    @Test
    void pageDocumentsEveryMetricOfOursWithItsTypeAndLabelsAndNoOther() throws Exception {
        assertEquals(lines(ours(exposition.metrics())), lines(ours(documented())));
    }

    @Test
    void metricsOfTheFrameworkThatThePageNamesAreThere() throws Exception {
        var framework = new TreeMap<>(documented());
        framework.keySet().removeIf(name -> name.startsWith("countersign_"));
        assertFalse(framework.isEmpty());
        var there = new TreeMap<>(exposition.metrics());
        there.keySet().retainAll(framework.keySet());
        assertEquals(lines(framework), lines(there));
    }

    private static String lines(Map<String, Metric> metrics) {
        return metrics.entrySet().stream()
                .map(each -> "%s %s %s"
                        .formatted(
                                each.getKey(),
                                each.getValue().type(),
                                new TreeSet<>(each.getValue().labels())))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void labelsOfOurMetricsAreAClosedSet() {
        var used = new TreeSet<String>();
        ours(exposition.metrics()).values().forEach(metric -> used.addAll(metric.labels()));
        used.removeAll(LABELS);
        assertEquals(Set.of(), used);
    }

    /** Every expression, by where it stands. */
    private static Map<String, Expression> expressions() throws Exception {
        var all = new LinkedHashMap<String, Expression>();
        for (WhatIsWatched.Alert alert : WhatIsWatched.alerts()) {
            all.put(alert.name(), Expression.of(alert.expression()));
        }
        int number = 0;
        for (String expression : WhatIsWatched.dashboardExpressions()) {
            number++;
            all.put("dashboard, expression " + number, Expression.of(expression));
        }
        return all;
    }

    @Test
    void prometheusAnswersEveryExpressionAndKnowsEveryMetricAndLabelInIt() throws Exception {
        try (var prometheus = PrometheusProcess.start(happening.service(), WhatIsWatched.ALERTS)) {
            var wrong = new ArrayList<String>();
            int asked = 0;
            for (var each : expressions().entrySet()) {
                Expression expression = each.getValue();
                prometheus.query(expression.text());
                var labels = new TreeSet<String>();
                for (Expression.Selector selector : expression.selectors()) {
                    List<JsonNode> series = prometheus.series(selector.metric());
                    Set<String> known = series.stream()
                            .flatMap(one -> one.propertyStream().map(Map.Entry::getKey))
                            .collect(Collectors.toSet());
                    labels.addAll(known);
                    asked++;
                    if (series.isEmpty()) {
                        wrong.add("%s: there is no metric %s".formatted(each.getKey(), selector.metric()));
                    } else if (!known.containsAll(selector.labels())) {
                        wrong.add("%s: %s has the labels %s".formatted(each.getKey(), selector.text(), known));
                    }
                }
                if (!labels.containsAll(expression.grouping())) {
                    wrong.add("%s: grouped by %s, of %s".formatted(each.getKey(), expression.grouping(), labels));
                }
            }
            assertEquals("", String.join("\n", wrong));
            assertTrue(asked > 80, "so many selectors were looked up: " + asked);
        }
    }

    /** With a value in the wrong spelling, a panel or alert would be silent for ever. */
    @Test
    void valuesThatExpressionsAskForAreOnesThatTheServiceHas() throws Exception {
        Pattern value = Pattern.compile("([a-z_]+)=~?\"([^\"]*)\"");
        String there = happening.service().get("/q/metrics").body();
        // What does not happen here: an outage, a GPU, and what only Prometheus adds.
        Set<String> others = Set.of(
                "http_server_requests_seconds_count status=\"503\"",
                "countersign_endorsement_next_expiry_seconds kind=\"nvidia-ocsp\"",
                "up job=~\".*countersign.*\"");
        var missing = new TreeSet<String>();
        for (Expression expression : expressions().values()) {
            for (Expression.Selector selector : expression.selectors()) {
                value.matcher(selector.matchers()).results().forEach(found -> {
                    String name = "%s %s".formatted(selector.metric(), found.group());
                    boolean seen = found.group(2).equals(".*")
                            || words(found.group(2)).allMatch(word -> there.lines()
                                    .filter(line -> line.startsWith(selector.metric() + "{"))
                                    .anyMatch(line -> Pattern.compile("%s=\"(%s)\"".formatted(found.group(1), word))
                                            .matcher(line)
                                            .find()));
                    if (!seen && !others.contains(name)) {
                        missing.add(name);
                    }
                });
            }
        }
        assertEquals(Set.of(), missing);
    }

    /** Each alternative by itself, as far as they stand at the top. */
    private static Stream<String> words(String expression) {
        return expression.contains("(") || expression.contains(".*")
                ? Stream.of(expression)
                : Arrays.stream(Pattern.compile("\\|").split(expression));
    }

    @Test
    void machinesDraftsAndPathsLeaveNoTraceInMetrics() throws Exception {
        String all = happening.service().get("/q/metrics").body();
        assertTrue(all.contains("policy=\"(draft)\",rule=\"(draft)\""), "a draft was judged, and its rule not met");
        assertFalse(all.contains("00".repeat(20)), "a CHIP_ID");
        for (int number = 0; number < 50; number++) {
            happening.service().get("/a-strangers-path-" + number + "?and=query");
        }
        String after = happening.service().get("/q/metrics").body();
        assertFalse(after.contains("stranger"), after);
    }

    @Test
    void methodsThatStrangersMakeUpAreCountedTogether() throws Exception {
        try (var client = java.net.http.HttpClient.newHttpClient()) {
            for (String method : List.of("BREW", "WHEN", "PROPFIND")) {
                client.send(
                        java.net.http.HttpRequest.newBuilder(
                                        happening.service().address().resolve("/v1/policies"))
                                .method(method, java.net.http.HttpRequest.BodyPublishers.noBody())
                                .build(),
                        java.net.http.HttpResponse.BodyHandlers.discarding());
            }
        }
        String after = happening.service().get("/q/metrics").body();
        assertTrue(after.contains("method=\"(others)\""), after);
        assertFalse(after.contains("BREW") || after.contains("PROPFIND"), after);
    }
}
