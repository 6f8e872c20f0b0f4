package io.countersign.insecure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Base64;
import java.util.Optional;

/** Prints verdicts for people: one line a check, with what to do where something stands in the way. */
final class DemoPrinter {
    private static final int WIDTH = 116;

    /** The flat claims, which tell one token from another best. */
    private static final String OWN_CLAIMS = "countersign_";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** How much of a verdict is printed. */
    enum Detail {
        EVERYTHING,
        /** Every check; rules only where they stand in the way. */
        CHECKS,
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
        checks(body.path("checks"), detail == Detail.EVERYTHING ? detail : Detail.WHAT_STANDS_IN_THE_WAY);
        body.path("submods").properties().forEach(submodule -> {
            line("%s: %s, %s"
                    .formatted(
                            submodule.getKey(),
                            text(submodule.getValue(), "authenticity").orElse("unknown"),
                            text(submodule.getValue(), "status").orElse("no status")));
            checks(submodule.getValue().path("checks"), detail);
        });
        checks(body.path("rules"), detail == Detail.EVERYTHING ? detail : Detail.WHAT_STANDS_IN_THE_WAY);
    }

    private void checks(JsonNode checks, Detail detail) {
        int passed = 0;
        for (JsonNode check : checks) {
            String outcome = text(check, "outcome").orElse("unknown");
            if (detail == Detail.WHAT_STANDS_IN_THE_WAY && outcome.equals("passed")) {
                passed++;
            } else {
                check(check, outcome);
            }
        }
        if (passed > 0) {
            line("  %s %d passed".formatted(symbol("passed"), passed));
        }
    }

    private void check(JsonNode check, String outcome) {
        String name = text(check, "code").or(() -> text(check, "name")).orElse("unnamed");
        String because = text(check, "because")
                .or(() -> text(check, "reason"))
                .or(() -> text(check, "missing"))
                .orElse("");
        line(cut("  %s %s%s".formatted(symbol(outcome), name, because.isEmpty() ? "" : ": " + because)));
        if (outcome.equals("failed") || outcome.equals("undetermined")) {
            detail("expected", check, "expected");
            detail("found", check, "actual");
            detail("hint", check, "hint");
        }
    }

    private void detail(String label, JsonNode check, String member) {
        text(check, member).ifPresent(value -> line("      %-10s%s".formatted(label + ":", value)));
    }

    private String symbol(String outcome) {
        return switch (outcome) {
            case "passed" -> coloured("+", 32);
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
        line("what it says:");
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return;
        }
        try {
            JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            packed(claims, detail == Detail.EVERYTHING ? "" : OWN_CLAIMS);
        } catch (IOException | IllegalArgumentException _) {
            line("  its claims cannot be read");
        }
    }

    /** As many short claims on a line as fit, of those whose names begin so. */
    private void packed(JsonNode claims, String prefix) {
        var line = new StringBuilder();
        for (var claim : claims.properties()) {
            if (!claim.getKey().startsWith(prefix)) {
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

    private static Optional<String> text(JsonNode node, String member) {
        return Optional.ofNullable(node.path(member).textValue());
    }

    private static String cut(String text) {
        return text.length() <= WIDTH ? text : text.substring(0, WIDTH - 1) + "…";
    }
}
