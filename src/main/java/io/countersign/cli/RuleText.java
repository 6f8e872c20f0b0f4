package io.countersign.cli;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.result.AdvisoryResult;
import io.countersign.verifier.result.RuleResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;

/**
 * How one rule ended, as lines for a terminal: a line that says which rule on which device, then the policy's own sentence,
 * what was expected, what was found and what to do.
 */
public final class RuleText {
    /** Whether the terminal shows colours. */
    public enum Colours {
        ON,
        OFF
    }

    private static final int WIDTH = 100;
    private static final String INDENT = "    ";
    private static final int LABEL = 10;
    private static final int GREEN = 32;
    private static final int RED = 31;
    private static final int YELLOW = 33;

    private final Colours colours;

    public RuleText(Colours colours) {
        this.colours = colours;
    }

    /** The lines for one result; a rule that is met takes one. */
    public List<String> lines(RuleResult rule) {
        var lines = new ArrayList<String>();
        lines.add(mark(rule.outcome()) + " " + plain(rule.name())
                + (rule.submodule().isEmpty() ? "" : "  (" + plain(rule.submodule()) + ")"));
        if (!rule.outcome().admits()) {
            wrap(lines, INDENT, INDENT, rule.because());
            details(rule.outcome()).forEach((label, text) -> detail(lines, label, text));
            detail(lines, "policy", rule.origin());
        }
        return List.copyOf(lines);
    }

    /** The lines for something that a reader should know and that changes nothing. */
    public List<String> lines(AdvisoryResult advisory) {
        var lines = new ArrayList<String>();
        lines.add(coloured("!", YELLOW) + " " + plain(advisory.name()) + "  (" + plain(advisory.submodule()) + ")");
        wrap(lines, INDENT, INDENT, advisory.because());
        if (!advisory.hint().isEmpty()) {
            detail(lines, "do", advisory.hint());
        }
        return List.copyOf(lines);
    }

    private static Map<String, String> details(Outcome outcome) {
        var details = new LinkedHashMap<String, String>();
        switch (outcome) {
            case Outcome.Passed _ -> {}
            case Outcome.Failed(var expected, var actual, var hint) -> {
                details.put("expected", expected);
                details.put("found", actual);
                details.put("do", hint);
            }
            case Outcome.Undetermined(var missing, var _, var hint) -> {
                details.put("missing", missing);
                details.put("do", hint);
            }
            case Outcome.NotReached(var blockedBy) ->
                details.put("blocked", "the check " + blockedBy.code() + " failed before any rule could be asked");
            case Outcome.Waived(var byPolicy, var reason) -> details.put("waived", byPolicy + ": " + reason);
        }
        return details;
    }

    private String mark(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Passed _ -> coloured("+", GREEN);
            case Outcome.Failed _ -> coloured("x", RED);
            case Outcome.Waived _ -> coloured("~", YELLOW);
            case Outcome.Undetermined _, Outcome.NotReached _ -> coloured("?", YELLOW);
        };
    }

    private String coloured(String symbol, int colour) {
        return colours == Colours.ON ? "\u001b[" + colour + "m" + symbol + "\u001b[0m" : symbol;
    }

    private static void detail(List<String> lines, String label, String text) {
        String begin = INDENT + label + " ".repeat(Math.max(1, LABEL - label.length()));
        wrap(lines, begin, " ".repeat(begin.length()), text);
    }

    /** Broken between words; a word that is longer than a line stays whole, so that it can be copied. */
    private static void wrap(List<String> lines, String first, String others, String text) {
        var line = new StringBuilder(first);
        int begin = first.length();
        for (var words = new StringTokenizer(plain(text), " "); words.hasMoreTokens(); ) {
            String word = words.nextToken();
            if (line.length() > begin && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
                line.append(others);
                begin = others.length();
            }
            line.append(line.length() > begin ? " " : "").append(word);
        }
        lines.add(line.toString());
    }

    static List<String> wrapped(String indent, String text) {
        var lines = new ArrayList<String>();
        wrap(lines, indent, indent, text);
        return lines;
    }

    /** Evidence and policies are other people's text: what could steer a terminal becomes a visible sign. */
    static String plain(String text) {
        return text.codePoints()
                .map(character -> switch (Character.getType(character)) {
                    case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                        character == '\n' || character == '\t' ? ' ' : '\uFFFD';
                    default -> character;
                })
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
