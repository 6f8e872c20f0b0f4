package io.countersign.imports;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Writes values files: the same input gives the same bytes. Whatever a source says stands in double quotes or in a comment of one
 * line, so that no text of it becomes structure (YAML 1.2.2, sections 5.7 and 7.3.1).
 */
public final class ValuesFileText {
    /** What the policy language reads at most. */
    public static final int MAX_BYTES = 64 * 1024;

    private static final int MAX_TEXT = 600;
    private static final int MAX_RULE_LINE = 5000;
    private static final int WRAP = 116;
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,63}");

    /** Hex that no YAML reader takes for a number, because a letter is in it that no number has. */
    private static final Pattern PLAIN_HEX = Pattern.compile("[0-9a-f]*[a-df][0-9a-f]*");

    private ValuesFileText() {}

    /**
     * What stands at the top.
     *
     * @param id of the values file: a lowercase letter, then up to 63 of a-z, 0-9 and -
     * @param version for people, such as the day
     * @param on the day of the import
     * @param command what was typed, without anything secret
     */
    public record Heading(String id, String version, String summary, LocalDate on, String command) {}

    /** The text of a values file, or a sentence why it cannot be one. */
    public static String write(Heading heading, Imported imported) throws ImportException {
        if (!ID.matcher(heading.id()).matches()) {
            throw new ImportException(
                    "\"%s\" cannot be the id of a values file; a lowercase letter and up to 63 of a-z, 0-9 and - can"
                            .formatted(heading.id()));
        }
        var text = new StringBuilder();
        comment(
                text,
                "Imported from %s (sha256:%s) on %s by %s"
                        .formatted(
                                imported.source().name(), imported.source().sha256(), heading.on(), heading.command()));
        if (!imported.notes().isEmpty()) {
            text.append("#\n");
            imported.notes().forEach(note -> comment(text, "- " + note));
        }
        if (!imported.rules().isEmpty()) {
            text.append("#\n");
            imported.rules().forEach(line -> text.append("# ")
                    .append(Printable.line(line, MAX_RULE_LINE).stripTrailing())
                    .append('\n'));
        }
        text.append("values: ").append(quoted(heading.id())).append('\n');
        text.append("version: ").append(quoted(heading.version())).append('\n');
        text.append("summary: ").append(quoted(heading.summary())).append('\n');
        text.append("references:\n");
        imported.sets().forEach(set -> set(text, set));
        int length = text.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_BYTES) {
            throw new ImportException(
                    imported.source().name(),
                    "",
                    "its %d values make a values file of %d bytes; at most %d are read. Import a part of it, or split it into several files."
                            .formatted(
                                    imported.sets().stream()
                                            .mapToInt(set -> set.values().size())
                                            .sum(),
                                    length,
                                    MAX_BYTES));
        }
        return text.toString();
    }

    private static void set(StringBuilder text, ImportedSet set) {
        text.append("  ").append(set.name()).append(":\n");
        member(text, "claim", set.claim());
        member(text, "note", set.note());
        if (!set.owner().isEmpty()) {
            member(text, "owner", set.owner());
        }
        set.expires().ifPresent(end -> text.append("    expires: ").append(end).append('\n'));
        text.append("    values:\n");
        for (ImportedValue value : set.values()) {
            if (value.note().isEmpty()) {
                text.append("      - ").append(value(value.value())).append('\n');
            } else {
                text.append("      - value: ").append(value(value.value())).append('\n');
                text.append("        note: ").append(quoted(value.note())).append('\n');
            }
        }
    }

    private static void member(StringBuilder text, String name, String content) {
        text.append("    ").append(name).append(": ").append(quoted(content)).append('\n');
    }

    private static String value(String value) {
        return PLAIN_HEX.matcher(value).matches() ? value : quoted(value);
    }

    /** In lines that an editor shows whole, cut between words; a long word stays whole. */
    private static void comment(StringBuilder text, String sentence) {
        String indent = sentence.startsWith("- ") ? "  " : "";
        var line = new StringBuilder();
        for (String word : words(Printable.line(sentence, MAX_TEXT * 2))) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > WRAP) {
                text.append("# ").append(line).append('\n');
                line.setLength(0);
                line.append(indent).append(word);
            } else {
                line.append(line.isEmpty() ? "" : " ").append(word);
            }
        }
        text.append("# ").append(line).append('\n');
    }

    private static List<String> words(String sentence) {
        return Pattern.compile(" ")
                .splitAsStream(sentence)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** Double-quoted; only " and \ mean anything in there once what is not plain has been replaced. */
    private static String quoted(String content) {
        String line = Printable.line(content.strip(), MAX_TEXT);
        return '"' + line.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
