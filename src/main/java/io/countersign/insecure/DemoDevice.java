package io.countersign.insecure;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * A GPU or a switch on one line: what it is, what it shows, and what came of it.
 *
 * @param outcome the worst of its checks
 */
record DemoDevice(
        String label,
        String model,
        String mode,
        String region,
        String measurements,
        String revocation,
        String verdict,
        String outcome) {
    private static final DemoDevice TITLES =
            new DemoDevice("", "model", "mode", "CPR", "measurements", "revocation", "verdict, checks", "");

    private static final String UNKNOWN = "?";

    /** From a member of {@code submods}, whose claims may be absent. */
    static DemoDevice of(String label, JsonNode device) {
        JsonNode claims = device.path("claims");
        Map<String, Integer> outcomes = outcomes(device.path("checks"));
        return new DemoDevice(
                label,
                text(claims, "product")
                        .or(() -> text(claims, "board"))
                        .or(() -> text(claims, "arch"))
                        .orElse(UNKNOWN),
                mode(claims),
                text(claims.path("cpr"), "raw").orElse(claims.isMissingNode() ? UNKNOWN : "-"),
                measurements(claims),
                text(claims, "ocsp_status").orElse(UNKNOWN),
                "%s, %s; %s"
                        .formatted(
                                text(device, "authenticity").orElse("unknown"),
                                text(device, "status").orElse("no status"),
                                outcomes.entrySet().stream()
                                        .map(entry -> entry.getValue() + " " + entry.getKey())
                                        .collect(Collectors.joining(", "))),
                worst(outcomes.keySet()));
    }

    /** How many checks ended in which way. */
    private static Map<String, Integer> outcomes(JsonNode checks) {
        var outcomes = new LinkedHashMap<String, Integer>();
        checks.forEach(check -> outcomes.merge(text(check, "outcome").orElse("unknown"), 1, Integer::sum));
        return outcomes;
    }

    private static String worst(Set<String> outcomes) {
        if (outcomes.contains("failed")) {
            return "failed";
        }
        return !outcomes.isEmpty() && Set.of("passed", "waived").containsAll(outcomes) ? "passed" : "undetermined";
    }

    private static String mode(JsonNode claims) {
        if (claims.has("locked")) {
            return claims.path("locked").booleanValue() ? "locked" : "not locked";
        }
        // No signed field tells DevTools mode; one register is said to differ in it. Not compared, it tells nothing.
        boolean doubtful = text(claims, "devtools_index")
                .filter(index -> !index.equals("matched"))
                .isPresent();
        return text(claims, "cc_mode")
                        .map(mode -> "%s (%s)"
                                .formatted(
                                        mode, text(claims, "cc_mode_strength").orElse("unknown")))
                        .orElse(UNKNOWN)
                + (doubtful ? ", DevTools?" : "");
    }

    private static String measurements(JsonNode claims) {
        JsonNode match = claims.path("measurements_match");
        if (!match.isBoolean()) {
            return UNKNOWN;
        }
        if (match.booleanValue()) {
            return "match";
        }
        var indexes = new StringJoiner(", ", "differ at ", "");
        claims.path("mismatched_indexes").forEach(index -> indexes.add(index.asText()));
        return indexes.toString();
    }

    /** One line for all that differ in nothing but the label. */
    static List<DemoDevice> alike(List<DemoDevice> devices) {
        var labels = new LinkedHashMap<DemoDevice, List<String>>();
        devices.forEach(device -> labels.computeIfAbsent(device.labelled(""), _ -> new ArrayList<>())
                .add(device.label));
        return labels.entrySet().stream()
                .map(entry -> entry.getKey().labelled(ranges(entry.getValue())))
                .toList();
    }

    /** {@code gpu0-2, 4-7}. */
    static String ranges(List<String> labels) {
        var ranges = new StringJoiner(", ");
        for (int from = 0; from < labels.size(); ) {
            int to = from;
            while (to + 1 < labels.size() && labels.get(to + 1).equals(next(labels.get(to)))) {
                to++;
            }
            // The word stands before the first of its kind only.
            String first = from > 0 && word(labels.get(from)).equals(word(labels.get(from - 1)))
                    ? number(labels.get(from))
                    : labels.get(from);
            ranges.add(from == to ? first : first + "-" + number(labels.get(to)));
            from = to + 1;
        }
        return ranges.toString();
    }

    private static String next(String label) {
        return word(label) + (Integer.parseInt(number(label)) + 1);
    }

    /** At most two digits, since a request holds at most 64 devices. */
    private static String number(String label) {
        int digits = label.length();
        while (digits > 0 && Character.isDigit(label.charAt(digits - 1))) {
            digits--;
        }
        return label.substring(digits);
    }

    private static String word(String label) {
        return label.substring(0, label.length() - number(label).length());
    }

    private DemoDevice labelled(String other) {
        return new DemoDevice(other, model, mode, region, measurements, revocation, verdict, outcome);
    }

    private List<String> columns() {
        return List.of(label, model, mode, region, measurements, revocation, verdict);
    }

    /** A line for each below one of titles, in columns as wide as they have to be. */
    static List<String> table(List<DemoDevice> rows) {
        var devices = new ArrayList<>(List.of(TITLES));
        devices.addAll(rows);
        var lines = new ArrayList<String>();
        for (DemoDevice device : devices) {
            var line = new StringBuilder();
            for (int i = 0; i < device.columns().size(); i++) {
                int column = i;
                int width = devices.stream()
                        .mapToInt(each -> each.columns().get(column).length())
                        .max()
                        .orElse(0);
                line.append(("%-" + Math.max(1, width) + "s  ")
                        .formatted(device.columns().get(i)));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private static Optional<String> text(JsonNode node, String member) {
        return Optional.ofNullable(node.path(member).textValue());
    }
}
