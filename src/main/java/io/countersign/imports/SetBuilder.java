package io.countersign.imports;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects the values of one set in the order of the source, each once. */
public final class SetBuilder {
    private final String name;
    private final String claim;
    private final Map<String, List<String>> notesByValue = new LinkedHashMap<>();

    /** A set that is still empty. */
    public SetBuilder(String name, String claim) {
        this.name = name;
        this.claim = claim;
    }

    /** What adding a value did. */
    public enum Adding {
        NEW,
        ALREADY_THERE
    }

    /** Adds a value; one that is there keeps its place, and both notes. */
    public Adding add(String value, String note) {
        List<String> known = notesByValue.get(value);
        List<String> notes = known == null ? new ArrayList<>() : known;
        if (known == null) {
            notesByValue.put(value, notes);
        }
        if (!note.isBlank() && !notes.contains(note)) {
            notes.add(note);
        }
        return known == null ? Adding.NEW : Adding.ALREADY_THERE;
    }

    /** Which claim the values are of. */
    public String claim() {
        return claim;
    }

    /** What rules call it. */
    public String name() {
        return name;
    }

    /** How many different values there are. */
    public int size() {
        return notesByValue.size();
    }

    /** The set; only once it has a value. */
    public ImportedSet build(String note, String owner, Optional<Instant> expires) {
        return new ImportedSet(
                name,
                claim,
                note,
                owner,
                expires,
                notesByValue.entrySet().stream()
                        .map(each -> new ImportedValue(each.getKey(), String.join("; ", each.getValue())))
                        .toList());
    }
}
