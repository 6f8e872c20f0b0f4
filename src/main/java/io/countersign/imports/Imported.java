package io.countersign.imports;

import java.util.List;

/**
 * What an import found.
 *
 * @param sets at least one
 * @param notes what the reader of the file must know: what was changed, what was not imported, and what that means
 * @param rules lines of text that suggest how to use the sets; they end up as comments
 */
public record Imported(Source source, List<ImportedSet> sets, List<String> notes, List<String> rules) {
    private static final int MAX_NOTE = 600;

    /** More would bury what matters. */
    private static final int MOST_NOTES = 100;

    public Imported {
        if (sets.isEmpty()) {
            throw new IllegalArgumentException("an import without values is a refusal");
        }
        sets = List.copyOf(sets);
        notes = bounded(notes);
        rules = List.copyOf(rules);
    }

    /** The same with what the importer says about it. */
    public Imported answered(Answer answer) {
        return new Imported(source, sets.stream().map(answer::over).toList(), notes, rules);
    }

    private static List<String> bounded(List<String> notes) {
        List<String> lines = notes.stream()
                .map(note -> Printable.line(note, MAX_NOTE))
                .distinct()
                .toList();
        if (lines.size() <= MOST_NOTES) {
            return lines;
        }
        var shown = new java.util.ArrayList<>(lines.subList(0, MOST_NOTES));
        shown.add("and %d notes more, which are left out here".formatted(lines.size() - MOST_NOTES));
        return List.copyOf(shown);
    }
}
