package io.countersign.imports;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A named set of values of one claim.
 *
 * @param name as rules write it behind {@code references.}
 * @param owner who answers for them, or the empty text
 */
public record ImportedSet(
        String name, String claim, String note, String owner, Optional<Instant> expires, List<ImportedValue> values) {
    private static final int MAX_NOTE = 600;
    private static final int MAX_OWNER = 200;
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");

    public ImportedSet {
        if (!NAME.matcher(name).matches() || values.isEmpty()) {
            throw new IllegalArgumentException("a set has a name of a-z, 0-9 and _, and at least one value: " + name);
        }
        note = Printable.line(note.strip(), MAX_NOTE);
        owner = Printable.line(owner.strip(), MAX_OWNER);
        values = List.copyOf(values);
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }
}
