package io.countersign.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Policies that are small on paper and deep, long or slow when read: the reader has to say no, or be quick. */
public final class HostilePolicies {
    /** What an expression may have at most; a chain fills it. */
    private static final int EXPRESSION = 4_096;

    private static final int FILE = 60_000;

    private HostilePolicies() {}

    public static List<byte[]> all() {
        var texts = new ArrayList<String>();
        expressions().forEach(expression -> texts.add(Seeds.around(expression)));
        texts.add("[".repeat(FILE));
        texts.add("{a: ".repeat(FILE / 4));
        texts.add("- ".repeat(FILE / 2));
        texts.add("? ".repeat(FILE / 2));
        texts.add(IntStream.range(0, 900)
                .mapToObj(" "::repeat)
                .map(indent -> indent + "a:\n")
                .collect(Collectors.joining())
                .substring(0, FILE));
        texts.add("a: &a [x]\n" + "b: [*a,*a]\n".repeat(FILE / 12));
        texts.add("policy: \"" + "\\U0001F600".repeat(FILE / 10) + "\"");
        texts.add(manyRules());
        texts.add(longReferences());
        texts.add(manyFloors());
        texts.add(manyRows());
        texts.add(manyTests());
        texts.add(manyAdvisories());
        return texts.stream().map(Seeds::utf8).toList();
    }

    private static List<String> expressions() {
        return List.of(
                chain("cpu.snp.vmpl", " + 1", " == 0"),
                chain("cpu.snp.vmpl", "-1", " == 0"),
                chain("cpu.debug", "||cpu.debug", ""),
                chain("cpu.debug", "&&cpu.debug", ""),
                chain("cpu.debug", "==cpu.debug", ""),
                chain("cpu.tee", "+cpu.tee", " == \"a\""),
                chain("", "!", "cpu.debug"),
                chain("", "-", "cpu.snp.vmpl == 0"),
                chain("", "(", "cpu.debug"),
                chain("", "[", ""),
                chain("", "cpu.debug?true:", "true"),
                chain("cpu.debug", "?cpu.debug", ""),
                chain("cpu", ".a", ""),
                chain("cpu.snp", "[0]", ""),
                chain("size(", "size(", "1"),
                chain("[", "cpu.debug,", "true].all(x, x)"),
                chain("cpu.tee.matches(\"", "(a*)*", "b\")"),
                chain("cpu.tee.matches(\"", "(", "\")"),
                "cpu.tee.matches(\"" + "((((a{100}){100}){100}){100})" + "\")",
                "[1,2,3,4,5,6,7,8,9].all(a, ".repeat(12) + "cpu.debug" + ")".repeat(12),
                "cpu.snp.vmpl == 9223372036854775807 + 1",
                "cpu.snp.vmpl == -9223372036854775808 / -1",
                "cpu.snp.vmpl % 0 == 0",
                "cpu.snp.vmpl == 99999999999999999999999999",
                "cpu.tee == \"\\U00110000\"",
                "duration(\"99999999999999h\") > duration(\"1s\") || cpu.debug",
                "timestamp(\"0000-00-00T00:00:00Z\") > timestamp(\"9999-12-31T23:59:59Z\") || cpu.debug",
                "cpu.launch_measurement in [" + "\"a\",".repeat(900) + "cpu.tee]");
    }

    private static String chain(String first, String link, String last) {
        return first + link.repeat((EXPRESSION - first.length() - last.length()) / link.length()) + last;
    }

    static String manyRules() {
        String head = Seeds.around("cpu.debug");
        var rules = new StringBuilder(head);
        for (int i = 0; rules.length() < FILE; i++) {
            rules.append("  - { name: r%d, for: sev-snp, require: 'cpu.nothing', sets: executables, because: b }\n"
                    .formatted(i));
        }
        return rules.toString();
    }

    private static String longReferences() {
        String value = "0a".repeat(48);
        return Seeds.around("cpu.launch_measurement in references.images")
                .replace("[" + value + "]", "[" + (value + ", ").repeat(FILE / 98 - 12) + value + "]");
    }

    private static String manyFloors() {
        return filled(
                "cpu.snp.vmpl >= floors.f0.x",
                "floors:\n",
                "  f%d: { bulletin: b, reviewed: 2026-01-01, for: sev-snp,"
                        + " rows: [{ match: { snp.prodct: x }, at-least: { x: 1 } }] }\n");
    }

    private static String manyRows() {
        return filled(
                "cpu.snp.vmpl >= floors.f.x",
                "floors:\n  f:\n    bulletin: b\n    reviewed: 2026-01-01\n    for: sev-snp\n    rows:\n",
                "      - { match: { snp.vmpl: %d }, at-least: { x: 1 } }\n");
    }

    private static String manyTests() {
        return filled(
                "cpu.debug",
                "tests:\n",
                "  - { name: t%d, case: a, with: { cpu0.debgu: true }, expect: { status: none,"
                        + " rules: { a rule that is not there and has a long name: passed } } }\n");
    }

    private static String manyAdvisories() {
        return filled("cpu.debug", "advisories:\n", "  - { name: a%d, for: cpu, when: cpu.nothing, because: b }\n");
    }

    private static String filled(String require, String head, String each) {
        var text = new StringBuilder(Seeds.around(require)).append(head);
        for (int i = 0; text.length() < FILE; i++) {
            text.append(each.formatted(i));
        }
        return text.toString();
    }
}
