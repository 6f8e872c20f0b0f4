package io.countersign.fuzz;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Texts within every limit of length, each made to cost whoever reads, compiles, compares or judges it. By what they try. */
public final class CostlyPolicies {
    /** What a file may have. */
    private static final int FILE = 64 * 1024;

    private static final int EXPRESSION = 4_096;
    private static final String HEAD = """
            policy: %s
            version: "1"
            summary: Costs.
            expect: { cpu: { types: [sev-snp] } }
            """;

    private CostlyPolicies() {}

    /** All of them, each under the id that stands in it. */
    public static Map<String, String> all() {
        var texts = new LinkedHashMap<String, String>();
        yaml(texts);
        expressions().forEach((what, require) -> texts.put(what, rules(what, List.of(require))));
        texts.put("alternatives-in-every-rule", alternatives("alternatives-in-every-rule"));
        texts.put("rules-that-exclude-each-other-late", excluding("rules-that-exclude-each-other-late"));
        texts.put(
                "many-lists",
                rules(
                        "many-lists",
                        IntStream.range(0, 200)
                                .mapToObj(i -> "cpu.snp.vmpl in [%s]".formatted(numbers(i, 60)))
                                .toList()));
        texts.put(
                "many-comprehensions",
                rules(
                        "many-comprehensions",
                        IntStream.range(0, 200)
                                .mapToObj(
                                        _ ->
                                                "[1,2,3,4,5,6,7,8,9].all(a, [1,2,3,4,5,6,7,8,9].all(b, [1,2,3,4].all(c, a + b > c || cpu.debug)))")
                                .toList()));
        texts.put(
                "many-patterns",
                rules(
                        "many-patterns",
                        IntStream.range(0, 200)
                                .mapToObj(_ -> "cpu.snp.product.matches(\"(a|b|c|d|e|f)*[a-z]{500}(x*y*)*$\")")
                                .toList()));
        texts.put(
                "many-conditions",
                rules(
                        "many-conditions",
                        IntStream.range(0, 40)
                                .mapToObj(i -> filled("cpu.debug ? cpu.snp.vmpl == " + i + " : ", "cpu.debug", 1_400))
                                .toList()));
        return texts;
    }

    private static void yaml(Map<String, String> texts) {
        var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        IntStream.range(1, 30)
                .forEach(i -> bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9))));
        texts.put("bomb-of-aliases", bomb.toString());
        texts.put(
                "bomb-of-merges",
                "a: &a {x: 1}\n"
                        + IntStream.range(0, 900)
                                .mapToObj(i -> "m%d: {<<: *a}\n".formatted(i))
                                .collect(Collectors.joining()));
        texts.put("an-alias-of-itself", "policy: &p [*p]\n");
        texts.put("tags-of-classes", "policy: !!org.example.Loader [!!org.example.Remote [[]]]\n");
        texts.put("tags-everywhere", "!!set {".repeat(200) + "}".repeat(200));
        texts.put("directives", "%YAML 1.1\n%TAG ! tag:x,2000:\n".repeat(500) + "---\npolicy: x\n");
        texts.put("documents", "---\n".repeat(FILE / 4 - 1));
        texts.put("one-line", "policy: " + "x".repeat(FILE - 8));
        texts.put("one-line-of-braces", "policy: {" + "a: {".repeat(FILE / 4 - 4));
        texts.put("one-long-key", "x".repeat(FILE - 4) + ": 1\n");
        texts.put(
                "members-without-end",
                IntStream.range(0, 7_000).mapToObj("m%d: 1\n"::formatted).collect(Collectors.joining()));
        texts.put("the-same-member", "policy: a\n".repeat(FILE / 10 - 1));
        texts.put("an-id-of-look-alikes", HEAD.formatted("b\u0430seline") + "rules: []\n");
        texts.put("an-id-written-backwards", HEAD.formatted("\u202eenilesab\u202c") + "rules: []\n");
        texts.put(
                "a-name-of-many-marks",
                rules("marks", List.of("!cpu.debug")).replace("rule 0", "e" + "\u0301".repeat(20_000)));
        texts.put("half-a-pair", "policy: \"\\ud800\"\n");
        texts.put("nothing-but-spaces", " ".repeat(FILE - 1));
        texts.put("nothing-but-breaks", "\n".repeat(FILE - 1));
        texts.put("a-folded-text", "policy: >-\n" + "  a\n\n".repeat(FILE / 6));
        texts.put("escapes", "policy: \"" + "\\U0010FFFF".repeat(6_000) + "\"\n");
    }

    private static Map<String, String> expressions() {
        var all = new LinkedHashMap<String, String>();
        all.put(
                "comprehension-in-comprehension",
                "[1,2,3,4,5,6,7,8,9].exists(a, ".repeat(30) + "cpu.debug" + ")".repeat(30));
        all.put(
                "a-ternary-in-a-ternary",
                filled("cpu.debug ? (cpu.migratable ? cpu.debug : !cpu.debug) : ", "cpu.debug", EXPRESSION));
        all.put(
                "alternatives-of-alternatives",
                filled("(cpu.snp.vmpl == 1 || cpu.snp.vmpl == 2) && ", "cpu.debug", EXPRESSION));
        all.put("a-long-pattern", "cpu.snp.product.matches(\"" + "(a|aa|aaa)*".repeat(22) + "\")");
        all.put("a-doubling-text", "cpu.snp.product == " + "(\"a\" + ".repeat(300) + "\"\"" + ")".repeat(300));
        all.put("a-list-of-lists", "[".repeat(400) + "cpu.debug" + "]".repeat(400) + " == [] || cpu.debug");
        all.put("negations", "!".repeat(4_000) + "cpu.debug");
        all.put("a-text-of-escapes", "cpu.snp.product == \"" + "\\\\u0041".repeat(600) + "\"");
        return all;
    }

    /** 200 rules of 64 alternatives, over so many different values that no two rules settle each other. */
    private static String alternatives(String id) {
        return rules(
                id,
                IntStream.range(0, 200)
                        .mapToObj(rule -> IntStream.range(0, 14)
                                .mapToObj(i -> "cpu.snp.vmpl==%d".formatted((rule * 7 + i * 3) % 97))
                                .collect(Collectors.joining("||")))
                        .toList());
    }

    /** A pigeonhole: every rule alone can be met, and all of them together cannot. */
    private static String excluding(String id) {
        return rules(
                id,
                IntStream.range(0, 60)
                        .mapToObj(rule -> IntStream.range(0, 20)
                                .filter(i -> i != rule % 20)
                                .mapToObj(i -> "cpu.snp.vmpl==%d&&cpu.snp.guest_svn!=%d".formatted(i, rule))
                                .collect(Collectors.joining("||")))
                        .toList());
    }

    /** As many of these rules as fit. */
    static String rules(String id, List<String> expressions) {
        var text = new StringBuilder(HEAD.formatted(id.length() > 64 ? "costly" : id)).append("rules:\n");
        for (int i = 0; i < expressions.size(); i++) {
            String rule = "  - {name: rule %d, for: sev-snp, require: '%s', sets: hardware, because: b}\n"
                    .formatted(i, expressions.get(i).replace("'", "''"));
            if (text.length() + rule.length() >= FILE) {
                break;
            }
            text.append(rule);
        }
        return text.toString();
    }

    private static String filled(String link, String last, int length) {
        return link.repeat((length - last.length()) / link.length()) + last;
    }

    private static String numbers(int from, int count) {
        return IntStream.range(from, from + count).mapToObj(String::valueOf).collect(Collectors.joining(","));
    }
}
