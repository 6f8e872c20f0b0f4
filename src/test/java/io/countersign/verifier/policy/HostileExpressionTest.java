package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.check.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies may come from anybody who may send a draft: no expression hangs, exhausts or throws. */
class HostileExpressionTest {
    private static final List<String> TOKENS = List.of(
            "cpu.debug",
            "cpu.snp.vmpl",
            "cpu.snp.product",
            "cpu.snp.notes",
            "cpu.snp.made",
            "references.x",
            "cpu",
            "1",
            "0",
            "-9223372036854775808",
            "18446744073709551615u",
            "1.0e308",
            "\"a\"",
            "b\"\\xff\"",
            "null",
            "true",
            "[]",
            "{}",
            "[1, 2]",
            "{1: 2}",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            ".",
            ",",
            "?",
            ":",
            "&&",
            "||",
            "!",
            "-",
            "+",
            "*",
            "/",
            "%",
            "==",
            "!=",
            "<",
            ">=",
            "in",
            "size(",
            "string(",
            "int(",
            "uint(",
            "double(",
            "bytes(",
            "duration(",
            "timestamp(",
            "type(",
            "dyn(",
            "matches(",
            ".all(x,",
            ".exists(x,",
            ".exists_one(x,",
            ".map(x,",
            ".filter(x,",
            "x",
            "has(",
            "version_at_least(",
            "bits_set(",
            "google.protobuf.Any{}",
            ".cpu.debug",
            "@in",
            "$",
            "\\",
            "\"",
            "`a`",
            "//");

    private static PolicyReading read(String require) {
        return Bench.PARSER.parse(Bench.policyWith(require.replace("'", "''")), PolicyParser.Library.empty());
    }

    @Test
    void randomExpressionsEndInAReadingAndEveryAcceptedOneInAnOutcome() {
        var random = new Random(20261123);
        for (int i = 0; i < 3_000; i++) {
            String require = IntStream.range(0, 1 + random.nextInt(9))
                    .mapToObj(_ -> TOKENS.get(random.nextInt(TOKENS.size())))
                    .collect(Collectors.joining(" "));
            if (read(require) instanceof PolicyReading.Accepted accepted) {
                Bench.appraise(accepted.policy(), Bench.milan());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "timestamp(\"9999-12-31T23:59:59Z\") + duration(\"1000000h\") > cpu.snp.made",
                "9223372036854775807 + cpu.snp.version > 0",
                "-9223372036854775808 / (cpu.snp.vmpl - 1) > 0",
                "9223372036854775807 * cpu.snp.version > 0",
                "cpu.snp.vmpl % cpu.snp.vmpl == 0",
                "int(cpu.snp.product) == 1",
                "uint(cpu.snp.vmpl - 1) == 1u",
                "int(1e300 * double(cpu.snp.version)) == 1",
                "duration(cpu.snp.product) > duration(\"1s\")",
                "timestamp(cpu.snp.product) > cpu.snp.made",
                "string(bytes(cpu.snp.product) + b\"\\xff\") == \"\"",
                "{\"a\": 1}[cpu.snp.product] == 1",
                "{cpu.snp.product: 1, \"Milan\": 2}[\"Milan\"] == 1",
                "cpu.snp.made.getHours(cpu.snp.product) == 1",
                "cpu.snp.notes[cpu.snp.version] == \"a\"",
            })
    void expressionThatGoesWrongAtRunTimeIsUndetermined(String require) {
        var accepted = assertInstanceOf(
                PolicyReading.Accepted.class, read(require), () -> read(require).rendered());
        Outcome outcome = Bench.ruleOutcome(Bench.appraise(accepted.policy(), Bench.milan()), "the rule");
        assertInstanceOf(Outcome.Undetermined.class, outcome);
    }

    @Test
    void iterationBudgetIsFreshForEveryEvaluation() {
        String ten = "[1,2,3,4,5,6,7,8,9,10]";
        AppraisalPolicy policy = Bench.accepted(
                Bench.policyWith(ten + ".all(a, " + ten + ".all(b, [1,2,3,4,5,6,7].all(c, !cpu.debug)))"));
        for (int i = 0; i < 5; i++) {
            assertTrue(Bench.ruleOutcome(Bench.appraise(policy, Bench.milan()), "the rule")
                    .admits());
        }
    }

    @Test
    void slowestExpressionsEndSoon() {
        String list = "[" + "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",".repeat(40) + "\"b\"]";
        String require = list + ".all(a, [1,2,3,4,5,6,7,8,9,10,11,12].all(b, (a + a + a + a + a + a + a + a)"
                + ".matches(\"a?a?a?a?a?a?a?a?(a*)*(a|aa)+c\") || cpu.debug || true))";
        var accepted = assertInstanceOf(
                PolicyReading.Accepted.class, read(require), () -> read(require).rendered());
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> Bench.appraise(accepted.policy(), Bench.milan()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cpu.snp.product.matches(cpu.snp.product + \"(\")",
                "cpu.snp.product.matches(\"((a{100}){100}){100}\")",
                "cpu.snp.product.matches(\"(a?){30}c\")",
            })
    void patternsThatGrowOrAreNotKnownBeforehandAreRefused(String require) {
        assertInstanceOf(PolicyReading.Refused.class, read(require));
    }

    @Test
    void textThatLooksLikeCodeStaysText() {
        assertFalse(Bench.ruleOutcome(
                        Bench.appraise(
                                Bench.accepted(Bench.policyWith("cpu.snp.product == \"true || true\"")), Bench.milan()),
                        "the rule")
                .admits());
        assertEquals(1, Bench.accepted(Bench.policyWith("!cpu.debug")).rules().size());
    }
}
