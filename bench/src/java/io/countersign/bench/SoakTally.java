package io.countersign.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was answered to which kind of request, and what should not have been. */
final class SoakTally {
    private static final int EXAMPLES = 10;

    private final Map<String, Map<String, Long>> counts = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();
    private long wrongs;
    private long verdicts;
    private long introspections;

    /** An answer, or that there was none: {@code outcome} is a status or a word. */
    synchronized void count(String kind, String outcome) {
        counts.computeIfAbsent(kind, _ -> new TreeMap<>()).merge(outcome, 1L, Long::sum);
    }

    /** Something that fails the run. */
    synchronized void wrong(String kind, String what) {
        wrongs++;
        if (wrong.size() < EXAMPLES) {
            wrong.add(kind + ": " + what);
        }
    }

    /** An attestation that was judged: it has a line in the audit. */
    synchronized void verdict() {
        verdicts++;
    }

    /** An introspection that was answered: it has a line in the audit. */
    synchronized void introspection() {
        introspections++;
    }

    synchronized long decisions() {
        return verdicts + introspections;
    }

    synchronized long wrongs() {
        return wrongs;
    }

    synchronized long answers() {
        return counts.values().stream()
                .flatMap(each -> each.values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    synchronized void print() {
        System.out.println("| request | answers |");
        System.out.println("|---|---|");
        counts.forEach((kind, outcomes) -> {
            var words = new ArrayList<String>();
            outcomes.forEach((outcome, count) -> words.add("%,d × %s".formatted(count, outcome)));
            System.out.printf("| %s | %s |%n", kind, String.join(", ", words));
        });
        wrong.forEach(each -> System.out.println("WRONG " + each));
        if (wrongs > wrong.size()) {
            System.out.printf("WRONG and %d more%n", wrongs - wrong.size());
        }
    }
}
