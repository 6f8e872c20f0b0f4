package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.proof.WhatIsWatched.Alert;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The alert rules are ones that Prometheus takes, that fire and keep quiet when they should, and that say what to do. */
class AlertsTest {
    private static final Path CASES = Path.of("src", "test", "resources", "alerts-test.yaml");

    private static Programs.Ran promtool(String... arguments) throws Exception {
        Programs.assumeInstalled("promtool");
        return Programs.run(
                Stream.concat(Stream.of("promtool"), Arrays.stream(arguments)).toList(), Map.of(), Path.of("."));
    }

    @Test
    void prometheusTakesTheRules() throws Exception {
        Programs.Ran ran = promtool("check", "rules", "--lint-fatal", WhatIsWatched.ALERTS.toString());
        assertEquals(0, ran.exit(), ran.output());
    }

    @Test
    void everyAlertFiresAndKeepsQuietInItsCases() throws Exception {
        Programs.Ran ran = promtool("test", "rules", CASES.toString());
        assertEquals(0, ran.exit(), ran.output());
    }

    @Test
    void everyAlertHasACaseInWhichItFiresAndOneInWhichItDoesNot() throws Exception {
        String cases = Files.readString(CASES);
        var named = Pattern.compile("- name: (\\w+) (fires|does not fire)$", Pattern.MULTILINE)
                .matcher(cases)
                .results()
                .map(found -> found.group(1) + " " + found.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
        var expected = new TreeSet<String>();
        for (Alert alert : WhatIsWatched.alerts()) {
            expected.add(alert.name() + " fires");
            expected.add(alert.name() + " does not fire");
        }
        assertEquals(expected, named);
    }

    @Test
    void everyAlertHasItsSectionAndEverySectionItsAlert() throws Exception {
        String page = Files.readString(WhatIsWatched.PAGE);
        var sections = Pattern.compile("^### (Countersign\\w+)\\n\\n\\*(\\w+)\\.\\* ", Pattern.MULTILINE)
                .matcher(page)
                .results()
                .map(found -> found.group(1) + " " + found.group(2).toLowerCase(Locale.ROOT))
                .toList();
        List<Alert> alerts = WhatIsWatched.alerts();
        assertEquals(
                alerts.stream()
                        .map(alert -> alert.name() + " " + alert.severity())
                        .toList(),
                sections);
        for (Alert alert : alerts) {
            assertEquals(
                    "docs/observe.md#" + alert.name().toLowerCase(Locale.ROOT),
                    alert.annotations().get("runbook"));
            assertEquals(
                    Set.of("summary", "description", "runbook"),
                    alert.annotations().keySet());
            assertTrue(Set.of("critical", "warning").contains(alert.severity()), alert.name());
        }
    }

    /** Whoever is sent to an alert by the page finds it. */
    @Test
    void alertsThatThePageNamesExist() throws Exception {
        var known = WhatIsWatched.alerts().stream().map(Alert::name).collect(Collectors.toSet());
        var named = Pattern.compile("\\bCountersign[A-Z]\\w+")
                .matcher(Files.readString(WhatIsWatched.PAGE))
                .results()
                .map(found -> found.group())
                .collect(Collectors.toCollection(TreeSet::new));
        named.removeAll(known);
        assertEquals(Set.of(), named);
    }
}
