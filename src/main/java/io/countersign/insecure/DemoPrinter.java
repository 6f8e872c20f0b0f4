package io.countersign.insecure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Prints verdicts for people: one line a check, with what to do where something stands in the way. */
final class DemoPrinter {
    private static final int WIDTH = 116;
    private static final String PASSED = "passed";
    private static final String NOT_REACHED = "not-reached";

    /** The flat claims, which tell one token from another best. */
    private static final String OWN_CLAIMS = "countersign_";

    /** Those of them that tell the token of a machine with GPUs from that of another one. */
    private static final Set<String> DEVICE_CLAIMS = Set.of(
            "countersign_policy_id",
            "countersign_tee",
            "countersign_gpu_count",
            "countersign_gpu_model",
            "countersign_cc_mode",
            "countersign_binding",
            "countersign_key_bound");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** How much of a verdict is printed. */
    enum Detail {
        EVERYTHING,
        /** Every check; rules only where they stand in the way. */
        CHECKS,
        /** The checks over all devices, a line for each GPU and switch, and the rules about them. */
        DEVICES,
        /** The same, with one line for devices that are alike, and rules only where they stand in the way. */
        DEVICES_IN_SHORT,
        WHAT_STANDS_IN_THE_WAY
    }

    private final PrintStream out;
    private final boolean colours;

    DemoPrinter(PrintStream out, boolean colours) {
        this.out = out;
        this.colours = colours;
    }

    void line(String text) {
        out.println(text);
    }

    void heading(String text) {
        out.println();
        out.println(colours ? "\u001b[1m" + text + "\u001b[0m" : text);
    }

    /** A result, or the problem that carries one. */
    void verdict(DemoService.Answer answer, Detail detail) {
        JsonNode body = answer.body();
        String said = text(body, "status").or(() -> text(body, "code")).orElse("no status");
        // A problem's "status" is the HTTP status, a number, beside the result's members.
        line("HTTP %d: %s%s"
                .formatted(
                        answer.status(),
                        said,
                        text(body, "detail").map(sentence -> ". " + sentence).orElse("")));
        text(body, "hint").ifPresent(hint -> line("  hint: " + hint));
        // Of a single CPU the composite checks tell little: they are counted unless everything is wanted.
        checks(
                body.path("checks"),
                EnumSet.of(Detail.EVERYTHING, Detail.DEVICES, Detail.DEVICES_IN_SHORT)
                        .contains(detail));
        body.path("submods").properties().stream()
                .filter(submodule -> isCpu(submodule.getKey()))
                .forEach(cpu -> {
                    line("%s: %s, %s"
                            .formatted(
                                    cpu.getKey(),
                                    text(cpu.getValue(), "authenticity").orElse("unknown"),
                                    text(cpu.getValue(), "status").orElse("no status")));
                    checks(cpu.getValue().path("checks"), detail == Detail.EVERYTHING || detail == Detail.CHECKS);
                });
        if (body.path("submods").properties().stream().anyMatch(submodule -> !isCpu(submodule.getKey()))) {
            devices(body.path("submods"), detail);
            line("rules:");
        }
        rules(body.path("rules"), detail);
    }

    private static boolean isCpu(String label) {
        return label.startsWith("cpu");
    }

    /** GPUs and switches fare alike: a table, and what stands in the way of some of them below it. */
    private void devices(JsonNode submodules, Detail detail) {
        List<DemoDevice> devices = submodules.properties().stream()
                .filter(submodule -> !isCpu(submodule.getKey()))
                .map(submodule -> DemoDevice.of(submodule.getKey(), submodule.getValue()))
                .toList();
        line("GPUs" + (submodules.has("nvswitch0") ? " and switches:" : ":"));
        List<DemoDevice> rows =
                detail == Detail.DEVICES || detail == Detail.EVERYTHING ? devices : DemoDevice.alike(devices);
        List<String> lines = DemoDevice.table(rows);
        line("    " + lines.getFirst());
        for (int i = 0; i < rows.size(); i++) {
            line("  %s %s".formatted(symbol(rows.get(i).outcome()), lines.get(i + 1)));
        }
        for (DemoDevice device : devices) {
            submodules.path(device.label()).path("checks").forEach(check -> {
                if (!Set.of(PASSED, "waived", NOT_REACHED).contains(outcome(check))) {
                    check(device.label() + " ", check);
                }
            });
        }
    }

    private void rules(JsonNode rules, Detail detail) {
        if (detail != Detail.DEVICES) {
            checks(rules, detail == Detail.EVERYTHING);
            return;
        }
        // Each rule about GPUs or switches stands there once for each of them.
        Predicate<JsonNode> met =
                rule -> !whose(rule).isEmpty() && outcome(rule).equals(PASSED);
        var labels = new LinkedHashMap<String, List<String>>();
        var first = new LinkedHashMap<String, JsonNode>();
        var others = JSON.createArrayNode();
        for (JsonNode rule : rules) {
            if (met.test(rule)) {
                first.putIfAbsent(name(rule), rule);
                labels.computeIfAbsent(name(rule), _ -> new ArrayList<>()).add(whose(rule));
            } else {
                others.add(rule);
            }
        }
        first.forEach((name, rule) -> check(DemoDevice.ranges(labels.getOrDefault(name, List.of())) + " ", rule));
        checks(others, false);
    }

    /** One line each; or what stands in the way alone, and the number of the others. */
    private void checks(JsonNode checks, boolean listed) {
        int passed = 0;
        Map<String, Integer> blocked = new TreeMap<>();
        for (JsonNode check : checks) {
            if (!listed && outcome(check).equals(PASSED)) {
                passed++;
            } else if (!listed && outcome(check).equals(NOT_REACHED)) {
                blocked.merge(text(check, "blocked_by").orElse("another check"), 1, Integer::sum);
            } else {
                String whose = whose(check);
                check(whose.isEmpty() ? "" : whose + " ", check);
            }
        }
        blocked.forEach(
                (by, count) -> line("  %s %d not reached, because of %s".formatted(symbol(NOT_REACHED), count, by)));
        if (passed > 0) {
            line("  %s %d passed".formatted(symbol(PASSED), passed));
        }
    }

    /** The GPU or switch that a rule was asked about; empty for all others. */
    private static String whose(JsonNode rule) {
        return text(rule, "submodule").filter(label -> !isCpu(label)).orElse("");
    }

    private void check(String whose, JsonNode check) {
        // A rule says why it is demanded whatever its outcome; where something is missing, that comes first.
        String because = text(check, "missing")
                .or(() -> text(check, "because"))
                .or(() -> text(check, "reason"))
                .orElse("");
        String outcome = outcome(check);
        line(cut(
                "  %s %s%s%s".formatted(symbol(outcome), whose, name(check), because.isEmpty() ? "" : ": " + because)));
        if (outcome.equals("failed") || outcome.equals("undetermined")) {
            detail("expected", check, "expected");
            detail("found", check, "actual");
            detail("hint", check, "hint");
        }
    }

    /** Wrapped between words. */
    private void detail(String label, JsonNode check, String member) {
        text(check, member).ifPresent(value -> {
            var line = new StringBuilder("      %-10s".formatted(label + ":"));
            int indent = line.length();
            for (var words = new StringTokenizer(value, " "); words.hasMoreTokens(); ) {
                String word = words.nextToken();
                if (line.length() > indent && line.length() + 1 + word.length() > WIDTH) {
                    line(line.toString());
                    line.setLength(0);
                    line.append(" ".repeat(indent));
                }
                line.append(line.length() > indent ? " " : "").append(word);
            }
            line(line.toString());
        });
    }

    private String symbol(String outcome) {
        return switch (outcome) {
            case PASSED -> coloured("+", 32);
            case "failed" -> coloured("x", 31);
            case "waived" -> coloured("~", 33);
            default -> coloured("?", 33);
        };
    }

    private String coloured(String symbol, int colour) {
        return colours ? "\u001b[" + colour + "m" + symbol + "\u001b[0m" : symbol;
    }

    /** The token's claims, read and not verified: a relying party verifies the signature first. */
    void token(String token, Detail detail) {
        if (detail == Detail.EVERYTHING) {
            line("token (whole, on one line, so that it can be pasted into a verifier):");
            line(token);
        } else {
            line(cut("token: " + token));
        }
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            line("what it says:");
            return;
        }
        try {
            JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            switch (detail) {
                case EVERYTHING -> packed("what it says:", claims, _ -> true);
                case DEVICES, DEVICES_IN_SHORT ->
                    packed("what it says, among other things:", claims, DEVICE_CLAIMS::contains);
                case CHECKS, WHAT_STANDS_IN_THE_WAY ->
                    packed("what it says:", claims, name -> name.startsWith(OWN_CLAIMS));
            }
        } catch (IOException | IllegalArgumentException _) {
            line("  its claims cannot be read");
        }
    }

    /** As many short claims on a line as fit, of those that are wanted. */
    private void packed(String title, JsonNode claims, Predicate<String> wanted) {
        line(title);
        var line = new StringBuilder();
        for (var claim : claims.properties()) {
            if (!wanted.test(claim.getKey())) {
                continue;
            }
            String next = "  " + claim.getKey() + "=" + plain(claim.getValue());
            if (!line.isEmpty() && line.length() + next.length() > WIDTH) {
                line(cut(line.toString()));
                line.setLength(0);
            }
            line.append(next);
        }
        line(cut(line.toString()));
    }

    private static String plain(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.toString();
    }

    private static String outcome(JsonNode check) {
        return text(check, "outcome").orElse("unknown");
    }

    private static String name(JsonNode check) {
        return text(check, "code").or(() -> text(check, "name")).orElse("unnamed");
    }

    private static Optional<String> text(JsonNode node, String member) {
        return Optional.ofNullable(node.path(member).textValue());
    }

    private static String cut(String text) {
        return text.length() <= WIDTH ? text : text.substring(0, WIDTH - 1) + "…";
    }
}
