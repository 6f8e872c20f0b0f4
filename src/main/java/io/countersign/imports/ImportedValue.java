package io.countersign.imports;

/**
 * One value as its claim has it.
 *
 * @param note what the source says about it, or the empty text
 */
public record ImportedValue(String value, String note) {
    static final int MAX_NOTE = 240;

    public ImportedValue {
        note = Printable.line(note.strip(), MAX_NOTE);
    }
}
