package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The dashboard is one that Grafana draws as it is meant. */
class DashboardTest {
    /** Grafana's grid is so many columns wide. */
    private static final int COLUMNS = 24;

    private record Place(int left, int top, int width, int height) {
        static Place of(JsonNode panel) {
            JsonNode at = panel.path("gridPos");
            return new Place(
                    at.path("x").asInt(-1),
                    at.path("y").asInt(-1),
                    at.path("w").asInt(),
                    at.path("h").asInt());
        }

        boolean overlaps(Place other) {
            return left < other.left + other.width
                    && other.left < left + width
                    && top < other.top + other.height
                    && other.top < top + height;
        }
    }

    @Test
    void panelsHaveNumbersOfTheirOwnAndDoNotLieOnEachOther() throws Exception {
        List<JsonNode> panels = WhatIsWatched.panels();
        var ids = new HashSet<Integer>();
        for (int i = 0; i < panels.size(); i++) {
            JsonNode panel = panels.get(i);
            assertTrue(ids.add(panel.path("id").asInt(-1)), panel.path("title").asText());
            Place place = Place.of(panel);
            assertTrue(
                    place.left() >= 0
                            && place.top() >= 0
                            && place.width() > 0
                            && place.height() > 0
                            && place.left() + place.width() <= COLUMNS,
                    panel.path("title").asText());
            for (JsonNode earlier : panels.subList(0, i)) {
                assertFalse(
                        place.overlaps(Place.of(earlier)), panel.path("title").asText());
            }
        }
    }

    @Test
    void everyPanelAsksTheChosenPrometheusAndSaysWhatItShows() throws Exception {
        int targets = 0;
        for (JsonNode panel : WhatIsWatched.panels()) {
            String title = panel.path("title").asText();
            assertFalse(title.isBlank());
            if (panel.path("type").asText().equals("row")) {
                continue;
            }
            assertFalse(panel.path("description").asText().isBlank(), title);
            assertFalse(
                    panel.path("fieldConfig")
                            .path("defaults")
                            .path("unit")
                            .asText()
                            .isBlank(),
                    title);
            assertEquals("${datasource}", panel.path("datasource").path("uid").asText(), title);
            var letters = new HashSet<String>();
            for (JsonNode target : panel.path("targets")) {
                targets++;
                assertFalse(target.path("expr").asText().isBlank(), title);
                assertEquals(
                        "${datasource}", target.path("datasource").path("uid").asText(), title);
                assertTrue(letters.add(target.path("refId").asText()), title);
            }
            assertFalse(letters.isEmpty(), title);
        }
        assertTrue(targets > 50);
    }

    @Test
    void variablesThatExpressionsUseAreDeclared() throws Exception {
        var declared = new HashSet<>(Set.of("__rate_interval"));
        for (JsonNode variable : WhatIsWatched.dashboard().path("templating").path("list")) {
            declared.add(variable.path("name").asText());
        }
        var used = new HashSet<String>();
        Pattern.compile("\\$\\{?(\\w+)")
                .matcher(WhatIsWatched.dashboard().toString())
                .results()
                .map(found -> found.group(1))
                .forEach(used::add);
        used.remove("__all");
        assertEquals(Set.of("__rate_interval", "datasource", "instance", "policy"), used);
        assertTrue(declared.containsAll(used));
    }

    /** Of a chosen replica nothing else is shown. */
    @Test
    void everySelectorOfAPanelIsOfTheChosenReplica() throws Exception {
        for (JsonNode panel : WhatIsWatched.panels()) {
            for (JsonNode target : panel.path("targets")) {
                Expression expression =
                        Expression.of(target.path("expr").asText().replace("$__rate_interval", "1m"));
                expression
                        .selectors()
                        .forEach(selector ->
                                assertTrue(selector.matchers().contains("instance=~\"$instance\""), selector.text()));
                assertFalse(expression.selectors().isEmpty());
            }
        }
    }

    @Test
    void firstRowsAnswerHowItIsAndWhyMachinesWereRefused() throws Exception {
        List<String> rows = WhatIsWatched.panels().stream()
                .filter(panel -> panel.path("type").asText().equals("row"))
                .map(panel -> panel.path("title").asText())
                .toList();
        assertEquals(List.of("At a glance", "Why machines were refused in the last hour"), rows.subList(0, 2));
        assertEquals(
                List.of(
                        "Traffic and verdicts",
                        "Latency",
                        "Endorsements",
                        "Signing and store",
                        "Limits, access and audit",
                        "Early warning",
                        "JVM"),
                rows.subList(2, rows.size()));
    }
}
