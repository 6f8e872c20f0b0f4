package io.countersign.verifier.policy.logic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import dev.cel.parser.CelStandardMacro;
import io.countersign.verifier.claim.ClaimType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogicTest {
    private static final CelParser PARSER = CelParserFactory.standardCelParserBuilder()
            .setStandardMacros(CelStandardMacro.ALL, CelStandardMacro.EXISTS, CelStandardMacro.EXISTS_ONE)
            .build();
    private static final Facts FACTS = new Facts(
            Map.ofEntries(
                    Map.entry("cpu.debug", Set.of(new ClaimType.Flag())),
                    Map.entry("cpu.migratable", Set.of(new ClaimType.Flag())),
                    Map.entry("cpu.snp.vmpl", Set.of(new ClaimType.UnsignedInteger())),
                    Map.entry("cpu.snp.version", Set.of(new ClaimType.UnsignedInteger())),
                    Map.entry("cpu.snp.product", Set.of(ClaimType.Word.of("Milan", "Genoa", "Turin"))),
                    Map.entry("cpu.tee", Set.of(ClaimType.Word.of("sev-snp"), ClaimType.Word.of("tdx"))),
                    Map.entry("cpu.launch_measurement", Set.of(new ClaimType.Hex(48))),
                    Map.entry("cpu.host_data", Set.of(new ClaimType.Hex(32), new ClaimType.Hex(48))),
                    Map.entry("cpu.snp.current_version", Set.of(new ClaimType.Version())),
                    Map.entry("cpu.name", Set.of(new ClaimType.Text())),
                    Map.entry("cpu.notes", Set.of(new ClaimType.TextList())),
                    Map.entry("cpu.made", Set.of(new ClaimType.Time()))),
            Map.of(
                    "references.a", List.of("aa", "bb"),
                    "references.b", List.of("cc", "dd"),
                    "references.c", List.of("bb", "cc"),
                    "references.many",
                            IntStream.range(0, 3_000).mapToObj(i -> "v" + i).toList()));

    private static CelExpr tree(String rule) {
        try {
            return PARSER.parse(rule).getAst().getExpr();
        } catch (CelValidationException e) {
            throw new IllegalArgumentException(rule, e);
        }
    }

    private static Judgement judge(String rule) {
        return new Logic(FACTS).judge(tree(rule));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "cpu.snp.vmpl > 3 && cpu.snp.vmpl < 2 | cpu.snp.vmpl cannot be both above 3 and below 2",
                "cpu.snp.vmpl < 0 | cpu.snp.vmpl is never below 0",
                "0 > cpu.snp.vmpl | cpu.snp.vmpl is never below 0",
                "cpu.snp.vmpl == -1 | cpu.snp.vmpl is never -1",
                "cpu.snp.vmpl > 9007199254740991 | cpu.snp.vmpl is never above 9007199254740991",
                "cpu.snp.vmpl in [1, 2] && cpu.snp.vmpl >= 3 | cpu.snp.vmpl cannot be both in [1, 2] and at least 3",
                "cpu.snp.vmpl == 1u && cpu.snp.vmpl == 2 | cpu.snp.vmpl cannot be both 1 and 2",
                "!(cpu.snp.vmpl != 1) && !(cpu.snp.vmpl < 2) | cpu.snp.vmpl cannot be both 1 and at least 2",
                "cpu.snp.vmpl <= 1 && cpu.snp.vmpl != 0 && cpu.snp.vmpl != 1"
                        + " | cpu.snp.vmpl cannot be at most 1, other than 0 and other than 1 all at once",
                "cpu.debug && !cpu.debug | cpu.debug cannot be both true and false",
                "cpu.debug == true && cpu.debug == false | cpu.debug cannot be both true and false",
                "cpu.debug != true && !!cpu.debug | cpu.debug cannot be both false and true",
                ".cpu.debug && !cpu.debug | cpu.debug cannot be both true and false",
                "cpu.snp.product == \"Milan\" && cpu.snp.product == \"Genoa\""
                        + " | cpu.snp.product cannot be both \"Milan\" and \"Genoa\"",
                "cpu.snp.product.startsWith(\"R\") | cpu.snp.product is never beginning with \"R\"",
                "cpu.snp.product != \"Milan\" && cpu.snp.product != \"Genoa\" && cpu.snp.product != \"Turin\""
                        + " | cpu.snp.product cannot be other than \"Milan\", other than \"Genoa\" and other than \"Turin\" all at"
                        + " once",
                "cpu.launch_measurement in references.a && cpu.launch_measurement in references.b"
                        + " | cpu.launch_measurement cannot be both in references.a and in references.b",
                "cpu.launch_measurement in references.a && !(cpu.launch_measurement in [\"aa\", \"bb\"])"
                        + " | cpu.launch_measurement cannot be both in references.a and not in [\"aa\", \"bb\"]",
                "false | it demands false",
                "1 == 2 | 1 == 2 is never so",
                "!(\"a\" in [\"a\", \"b\"]) | \"a\" in [\"a\", \"b\"] is never so",
                "\"aa\" in references.b | \"aa\" in references.b is never so",
                "2 < 1 | 2 < 1 is never so",
                "cpu.name.startsWith(\"ab\") && cpu.name == \"ba\""
                        + " | cpu.name cannot be both beginning with \"ab\" and \"ba\"",
                "cpu.name.startsWith(\"ab\") && cpu.name.startsWith(\"ac\")"
                        + " | cpu.name cannot be both beginning with \"ab\" and beginning with \"ac\"",
                "cpu.name.endsWith(\"ab\") && !cpu.name.contains(\"b\")"
                        + " | cpu.name cannot be both ending with \"ab\" and not containing \"b\"",
                "version_at_least(cpu.snp.current_version, \"1.55.40\")"
                        + " && !version_at_least(cpu.snp.current_version, \"1.55.9\")"
                        + " | cpu.snp.current_version cannot be both 1.55.40 or later and before 1.55.9",
                "!version_at_least(cpu.snp.current_version, \"0.0.0\") | cpu.snp.current_version is never before 0.0.0",
                "version_at_least(cpu.snp.current_version, \"1.55.40\") && cpu.snp.current_version == \"1.55.9\""
                        + " | cpu.snp.current_version cannot be both 1.55.40 or later and \"1.55.9\"",
                "size(cpu.notes) < 0 | size(cpu.notes) is never below 0",
                "cpu.notes.size() == 0 && size(cpu.notes) > 0 | size(cpu.notes) cannot be both 0 and above 0",
                "size(cpu.launch_measurement) == 48 | size(cpu.launch_measurement) is never 48",
                "\"x\" in cpu.notes && !(\"x\" in cpu.notes) | \"x\" in cpu.notes cannot be both true and false",
                "cpu.notes.exists(n, n == \"a\") && !cpu.notes.exists(n, n == \"a\")"
                        + " | this expression cannot be both true and false",
                "cpu.made > timestamp(\"2026-01-01T00:00:00Z\") && cpu.made < timestamp(\"2025-01-01T00:00:00Z\")"
                        + " | cpu.made cannot be both after 2026-01-01T00:00:00Z and before 2025-01-01T00:00:00Z",
                "cpu.notes[0] == \"a\" && cpu.notes[0] == \"b\" | cpu.notes[0] cannot be both \"a\" and \"b\"",
                "(cpu.name == cpu.tee) && cpu.tee != cpu.name | cpu.name == cpu.tee cannot be both true and false",
            })
    void ruleThatNoEvidenceMeetsIsNamedWithItsContradiction(String rule, String why) {
        var never = assertInstanceOf(Judgement.Never.class, judge(rule));
        assertEquals(List.of(why), never.clashes().stream().map(Clash::says).toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cpu.snp.product == \"Milan\" ? false : cpu.snp.vmpl > 5 && cpu.snp.vmpl < 3",
                "(cpu.debug || cpu.migratable) && !cpu.debug && !cpu.migratable",
                "(cpu.debug || cpu.snp.vmpl > 2) && (cpu.migratable || cpu.snp.vmpl > 3) && cpu.snp.vmpl == 0"
                        + " && !(cpu.debug && cpu.migratable)",
                "(cpu.debug ? cpu.snp.vmpl == 0 : cpu.snp.vmpl == 1) && cpu.snp.vmpl == 2",
                "(cpu.snp.product == \"Milan\" || cpu.snp.product == \"Genoa\") && cpu.snp.product.endsWith(\"n\")"
                        + " && cpu.snp.product != \"Milan\"",
            })
    void ruleThatNoBranchCanMeetIsFound(String rule) {
        assertInstanceOf(Judgement.Never.class, judge(rule));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cpu.snp.vmpl >= 0",
                "cpu.snp.vmpl > -1",
                "cpu.debug || !cpu.debug",
                "cpu.snp.vmpl < 3 || cpu.snp.vmpl > 2",
                "cpu.snp.product != \"Milan\" || cpu.snp.product != \"Genoa\"",
                "size(cpu.notes) >= 0",
                "cpu.debug ? true : true",
                "version_at_least(cpu.snp.current_version, \"0.0.0\")",
                "!(cpu.launch_measurement in references.a) || !(cpu.launch_measurement in references.b)",
            })
    void ruleThatNoEvidenceBreaksIsFound(String rule) {
        assertInstanceOf(Judgement.Always.class, judge(rule));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "!cpu.debug",
                "cpu.snp.vmpl <= 3",
                "cpu.snp.vmpl > 2 && cpu.snp.vmpl < 4",
                "cpu.snp.vmpl > 2.4 && cpu.snp.vmpl < 2.6",
                "cpu.snp.product == \"Milan\" ? cpu.snp.vmpl >= 24 : cpu.snp.product == \"Turin\"",
                // Lists them all, and is meant: another product may come.
                "cpu.snp.product in [\"Milan\", \"Genoa\", \"Turin\"]",
                "cpu.tee == \"tdx\" || cpu.debug",
                "cpu.launch_measurement in references.a && cpu.launch_measurement in references.c",
                "size(cpu.host_data) == 64",
                "cpu.name.startsWith(\"ab\") && cpu.name.startsWith(\"abc\") && cpu.name.endsWith(\"x\")",
                "cpu.name.contains(\"a\") && cpu.name.contains(\"b\")",
                "cpu.notes.exists(n, n == \"a\") && !cpu.notes.exists(n, n == \"b\")",
                "cpu.notes.exists(n, n == \"a\") && !cpu.notes.exists(m, m == \"b\")",
                "0.0 == -0.0 && cpu.debug",
                "1 == 1.0 && cpu.debug",
                "cpu.name == \"no version\" || version_at_least(cpu.name, \"1.0.0\")",
                "cpu.made > timestamp(\"9999-01-01T00:00:00Z\") && cpu.made < timestamp(\"0001-01-01T00:00:00Z\")",
                "{\"a\": 1}[cpu.name] == 1 && {\"a\": 1}[cpu.name] != 1",
                "cpu.name[0] == \"a\" && cpu.name[1] == \"b\"",
                "cpu.debug == cpu.migratable",
            })
    void nothingIsSaidOfARuleThatEvidenceDecides(String rule) {
        assertInstanceOf(Judgement.Open.class, judge(rule));
    }

    @Test
    void placeIsThatOfTheSecondOperand() {
        CelExpr rule = tree("cpu.snp.vmpl > 3 && cpu.snp.vmpl < 2");
        var never = assertInstanceOf(Judgement.Never.class, new Logic(FACTS).judge(rule));
        assertEquals(
                rule.call().args().getLast().id(), never.clashes().getFirst().at());
    }

    /** Each is as long as a rule may be, or as deep. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void hostileRulesEndWithinTheirEffort(int which) {
        String rule =
                switch (which) {
                    // Pigeons and holes: no short proof is known to any such search.
                    case 0 -> pigeons(7);
                    case 1 -> pairs(100, "(cpu.notes[%d] == \"a\" || cpu.notes[%d] == \"b\")", " && ");
                    case 2 -> pairs(100, "(cpu.notes[%d] == \"a\" && cpu.notes[%d] == \"b\")", " || ");
                    case 3 -> "cpu.debug ? cpu.migratable : ".repeat(30) + "true";
                    case 4 -> "(".repeat(30) + "cpu.debug" + " ? cpu.debug : cpu.migratable)".repeat(30);
                    case 5 ->
                        IntStream.range(0, 150)
                                .mapToObj(i -> "cpu.snp.vmpl != " + i)
                                .collect(Collectors.joining(" && "));
                    default ->
                        IntStream.range(0, 40)
                                .mapToObj(i -> "!(cpu.name in references.many)")
                                .collect(Collectors.joining(" || "));
                };
        assertTrue(rule.length() <= 4_096, rule.length() + " characters");
        var onTrue = new Effort(Logic.MOST_WORK);
        var onFalse = new Effort(Logic.MOST_WORK);
        new Logic(FACTS).judge(tree(rule), onTrue, onFalse);
        // One step may overdraw by what it looks at: at most a whole set of references, filtered once.
        long most = Logic.MOST_WORK + 10_000;
        assertTrue(onTrue.spent() <= most && onFalse.spent() <= most, onTrue.spent() + " and " + onFalse.spent());
    }

    private static String pairs(int count, String form, String joined) {
        return IntStream.range(0, count)
                .mapToObj(i -> form.formatted(i, i))
                .limit(4_000 / (form.length() + 4))
                .collect(Collectors.joining(joined));
    }

    /** One more pigeon than there are holes: never true, and long to prove. */
    private static String pigeons(int holes) {
        String each = IntStream.rangeClosed(0, holes)
                .mapToObj(pigeon -> IntStream.range(0, holes)
                        .mapToObj(hole -> "p%d%d".formatted(pigeon, hole))
                        .collect(Collectors.joining("||", "(", ")")))
                .collect(Collectors.joining("&&"));
        String apart = IntStream.range(0, holes)
                .boxed()
                .flatMap(hole -> IntStream.rangeClosed(0, holes).boxed().flatMap(one -> IntStream.range(0, one)
                        .mapToObj(other -> "!(p%d%d&&p%d%d)".formatted(one, hole, other, hole))))
                .collect(Collectors.joining("&&"));
        return each + "&&" + apart;
    }

    @Test
    void smallPigeonholesAreSeenThrough() {
        assertInstanceOf(Judgement.Never.class, judge(pigeons(2)));
    }

    @Test
    void pairOfRulesThatExcludeEachOtherIsNamed() {
        var conflict = Contradictions.among(
                        List.of(
                                tree("!cpu.debug"),
                                tree("cpu.snp.vmpl == 0"),
                                tree("cpu.snp.version > 2"),
                                tree("cpu.snp.vmpl in [1, 2]"),
                                tree("!cpu.migratable")),
                        FACTS)
                .orElseThrow();
        assertEquals(3, conflict.rule());
        assertEquals(List.of(1), conflict.others());
        assertEquals(
                "cpu.snp.vmpl cannot be both 0 and in [1, 2]", conflict.clash().says());
    }

    @Test
    void threeRulesOfWhichEveryTwoGoTogetherAreNamedTogether() {
        var conflict = Contradictions.among(
                        List.of(tree("cpu.snp.vmpl < 2"), tree("cpu.snp.vmpl != 0"), tree("cpu.snp.vmpl != 1")), FACTS)
                .orElseThrow();
        assertEquals(2, conflict.rule());
        assertEquals(List.of(0, 1), conflict.others());
    }

    @Test
    void ruleThatThisTypeOfEvidenceNeverMeetsStandsAlone() {
        var tdx = new Facts(Map.of("cpu.tee", Set.of(ClaimType.Word.of("tdx"))), Map.of());
        var conflict = Contradictions.among(List.of(tree("!cpu.debug"), tree("cpu.tee == \"sev-snp\"")), tdx)
                .orElseThrow();
        assertEquals(1, conflict.rule());
        assertEquals(List.of(), conflict.others());
    }

    @Test
    void rulesThatGoTogetherAreNotTold() {
        assertTrue(Contradictions.among(
                        List.of(
                                tree("cpu.snp.vmpl < 2"),
                                tree("cpu.snp.vmpl != 0"),
                                tree("cpu.debug || !cpu.migratable")),
                        FACTS)
                .isEmpty());
        assertTrue(Contradictions.among(List.of(), FACTS).isEmpty());
    }

    @Test
    void manyHostileRulesEndWithinTheirEffort() {
        var effort = new Effort(Contradictions.MOST_WORK);
        Contradictions.among(
                IntStream.range(0, 200)
                        .mapToObj(i -> tree(
                                pairs(100, "(cpu.notes[%d] == \"a" + i % 7 + "\" || cpu.notes[%d] == \"b\")", " && ")))
                        .toList(),
                FACTS,
                effort);
        assertTrue(effort.spent() <= 3 * Contradictions.MOST_WORK, effort.spent() + "");
    }
}
