package io.countersign.trial;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A policy as data, so that a test can write it down, change one thing, and write it down again. */
record Sketch(
        Set<String> types,
        Range gpus,
        Range switches,
        Set<String> bindings,
        String key,
        int staleCrlHours,
        Set<String> waived,
        Set<String> tolerated,
        Set<String> mint,
        Minting minting,
        List<Values> sets,
        List<Demand> rules) {
    /** Why tokens may be made. */
    enum Minting {
        ANY_WORKLOAD,
        /** A rule pins whatever CPU evidence there is. */
        PINS_ALL,
        /** Nothing says so; some rule may pin some type all the same. */
        NOTHING
    }

    record Range(int min, int max) {
        String text() {
            return "{ count: { min: %d, max: %d } }".formatted(min, max);
        }
    }

    record Value(String text, Optional<Instant> expires) {
        String line() {
            return "      - { value: \"%s\"%s }\n"
                    .formatted(text, expires.map(end -> ", expires: " + end).orElse(""));
        }
    }

    record Values(String name, String claim, Optional<Instant> expires, List<Value> values) {
        Values {
            values = List.copyOf(values);
        }

        String text() {
            return "  %s:\n    claim: %s\n    note: drawn\n%s    values:\n%s"
                    .formatted(
                            name,
                            claim,
                            expires.map(end -> "    expires: " + end + "\n").orElse(""),
                            values.stream().map(Value::line).collect(Collectors.joining()));
        }
    }

    record Demand(String name, String scope, String require, String otherwise, int affirms) {
        String text() {
            return """
                      - name: %s
                        for: %s
                        require: '%s'
                        sets: configuration
                        affirms: %d
                        otherwise: %s
                        because: It was drawn.
                    """.formatted(name, scope, require, affirms, otherwise);
        }
    }

    Sketch {
        types = Set.copyOf(types);
        bindings = Set.copyOf(bindings);
        waived = Set.copyOf(waived);
        tolerated = Set.copyOf(tolerated);
        mint = Set.copyOf(mint);
        sets = List.copyOf(sets);
        rules = List.copyOf(rules);
    }

    /** As a file. */
    String text() {
        return """
                policy: drawn
                version: "1"
                summary: Drawn by lot.
                expect:
                  cpu: { types: [%s] }
                  gpu: %s
                  nvswitch: %s
                accept: { bindings: [%s], key: %s }
                tolerate:
                  crl-stale-for: %dh
                  waive: [%s]
                  tcb-status: [%s]
                mint: [%s]
                %sreferences:
                %srules:
                %s""".formatted(
                        listed(types),
                        gpus.text(),
                        switches.text(),
                        listed(bindings),
                        key,
                        staleCrlHours,
                        excused("check", waived),
                        excused("status", tolerated),
                        listed(mint),
                        minting == Minting.ANY_WORKLOAD ? "any-workload: allow-because \"it was drawn\"\n" : "",
                        sets.stream().map(Values::text).collect(Collectors.joining()),
                        rules.stream().map(Demand::text).collect(Collectors.joining()));
    }

    Sketch withTypes(Set<String> other) {
        return new Sketch(
                other, gpus, switches, bindings, key, staleCrlHours, waived, tolerated, mint, minting, sets, rules);
    }

    Sketch withGpus(Range other) {
        return new Sketch(
                types, other, switches, bindings, key, staleCrlHours, waived, tolerated, mint, minting, sets, rules);
    }

    Sketch withBindings(Set<String> other) {
        return new Sketch(
                types, gpus, switches, other, key, staleCrlHours, waived, tolerated, mint, minting, sets, rules);
    }

    Sketch withKey(String other) {
        return new Sketch(
                types, gpus, switches, bindings, other, staleCrlHours, waived, tolerated, mint, minting, sets, rules);
    }

    Sketch withStaleCrlHours(int other) {
        return new Sketch(types, gpus, switches, bindings, key, other, waived, tolerated, mint, minting, sets, rules);
    }

    Sketch withWaived(Set<String> other) {
        return new Sketch(
                types, gpus, switches, bindings, key, staleCrlHours, other, tolerated, mint, minting, sets, rules);
    }

    Sketch withTolerated(Set<String> other) {
        return new Sketch(
                types, gpus, switches, bindings, key, staleCrlHours, waived, other, mint, minting, sets, rules);
    }

    Sketch withMint(Set<String> other) {
        return new Sketch(
                types, gpus, switches, bindings, key, staleCrlHours, waived, tolerated, other, minting, sets, rules);
    }

    Sketch withSets(List<Values> other) {
        return new Sketch(
                types, gpus, switches, bindings, key, staleCrlHours, waived, tolerated, mint, minting, other, rules);
    }

    Sketch withRules(List<Demand> other) {
        return new Sketch(
                types, gpus, switches, bindings, key, staleCrlHours, waived, tolerated, mint, minting, sets, other);
    }

    private static String listed(Set<String> words) {
        return words.stream().sorted().collect(Collectors.joining(", "));
    }

    private static String excused(String what, Set<String> words) {
        return words.stream()
                .sorted()
                .map(word -> "{ %s: %s, because: drawn }".formatted(what, word))
                .collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return text();
    }
}
