package io.countersign.imports.corim;

import io.countersign.imports.ImportedSet;
import io.countersign.imports.Printable;
import io.countersign.imports.SetBuilder;
import io.countersign.verifier.bytes.Bytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was found in a CoRIM: values by target, and what was left out and why, each reason once with its first place. */
final class Findings {
    private final Map<Target, SetBuilder> sets = new EnumMap<>(Target.class);
    private final Map<String, List<String>> leftOut = new LinkedHashMap<>();
    private final List<String> remarks = new ArrayList<>();

    void value(Target target, Bytes value, String note) {
        sets.computeIfAbsent(target, each -> new SetBuilder(each.setName(), each.claim()))
                .add(value.toString(), note);
    }

    void leftOut(Node place, String what) {
        leftOut.computeIfAbsent(what, _ -> new ArrayList<>()).add(place.path());
    }

    void remark(String sentence) {
        if (!remarks.contains(sentence)) {
            remarks.add(sentence);
        }
    }

    boolean isEmpty() {
        return sets.isEmpty();
    }

    Collection<Target> targets() {
        return sets.keySet();
    }

    List<ImportedSet> sets(String note, String owner, Optional<Instant> expires) {
        return sets.entrySet().stream()
                .map(each ->
                        each.getValue().build("%s; %s".formatted(each.getKey().meaning(), note), owner, expires))
                .toList();
    }

    List<String> notes() {
        var notes = new ArrayList<String>(remarks);
        leftOut.forEach((what, places) -> notes.add("not imported: %s, at %s%s"
                .formatted(
                        what,
                        places.getFirst(),
                        places.size() == 1 ? "" : " and %d more".formatted(places.size() - 1))));
        return notes;
    }

    /** Why nothing was imported, for a refusal. */
    String whyEmpty() {
        return notes().isEmpty() ? "it has no reference values" : Printable.line(String.join("; ", notes()), 800);
    }
}
