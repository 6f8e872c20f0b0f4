package io.countersign.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.trial.PolicyChange.Kind;
import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.policy.AppraisalPolicy;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyDiffTest {
    private static final String ONE = "11".repeat(48);
    private static final String TWO = "22".repeat(48);
    private static final String POLICY = """
            policy: mine
            version: "1"
            summary: Mine.
            expect:
              cpu: { types: [sev-snp] }
              gpu: { count: { min: 1, max: 4 } }
            tolerate:
              waive:
                - { check: gpu.fwid, because: Drivers are old. }
            references:
              images:
                claim: launch_measurement
                note: ours
                expires: 2027-01-01T00:00:00Z
                values: ["%s"]
            rules:
              - name: image is approved
                for: cpu
                require: cpu.launch_measurement in references.images
                sets: executables
                because: Only ours.
              - name: no debugging
                for: cpu
                require: '!cpu.debug'
                sets: configuration
                because: Secrets.
            """.formatted(ONE);

    private static AppraisalPolicy policy(String text) {
        return Core.policy(text);
    }

    private static Map<Kind, List<String>> diff(String was, String is) {
        return PolicyDiff.of(policy(was), policy(is)).stream()
                .collect(Collectors.groupingBy(
                        PolicyChange::kind, Collectors.mapping(PolicyChange::words, Collectors.toList())));
    }

    @Test
    void aPolicyDoesNotDifferFromItself() {
        assertEquals(Map.of(), diff(POLICY, POLICY));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "types: [sev-snp] ; types: [sev-snp, tdx] ; CPU evidence is taken of the type tdx",
                "max: 4 ; max: 8 ; GPUs expected: 1 to 8, were 1 to 4",
                "expires: 2027-01-01T00:00:00Z ; expires: 2028-01-01T00:00:00Z ; expire 2028-01-01T00:00:00Z",
                "require: '!cpu.debug' ; require: '!cpu.debug || cpu.migratable' ; requires !cpu.debug || cpu.migratable",
            })
    void whatAdmitsMoreIsLooserAndTheOtherWayRoundStricter(String was, String is, String words) {
        String changed = POLICY.replace(was, is);
        var looser = diff(POLICY, changed);
        assertEquals(java.util.Set.of(Kind.LOOSER), looser.keySet(), looser.toString());
        assertTrue(looser.toString().contains(words), looser.toString());
        var stricter = diff(changed, POLICY);
        assertEquals(java.util.Set.of(Kind.STRICTER), stricter.keySet(), stricter.toString());
    }

    @Test
    void anotherReferenceValueIsLooserAndShownShortened() {
        String more = POLICY.replace("values: [\"%s\"]".formatted(ONE), "values: [\"%s\", \"%s\"]".formatted(ONE, TWO));
        assertEquals(
                Map.of(Kind.LOOSER, List.of("the reference values images hold 2222222222222222… in addition")),
                diff(POLICY, more));
        assertEquals(
                Map.of(Kind.STRICTER, List.of("the reference values images no longer hold 2222222222222222…")),
                diff(more, POLICY));
    }

    @Test
    void aValueOfAListThatForbidsIsNotCalledLooser() {
        String denying = POLICY.replace(
                "require: cpu.launch_measurement in references.images",
                "require: '!(cpu.launch_measurement in references.images)'");
        String more =
                denying.replace("values: [\"%s\"]".formatted(ONE), "values: [\"%s\", \"%s\"]".formatted(ONE, TWO));
        assertEquals(java.util.Set.of(Kind.CHANGED), diff(denying, more).keySet());
    }

    @Test
    void oneMoreDemandIsStricter() {
        var said = diff(POLICY, POLICY.replace("require: '!cpu.debug'", "require: '!cpu.debug && !cpu.migratable'"));
        assertEquals(java.util.Set.of(Kind.STRICTER), said.keySet());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "'!cpu.debug' ; '!cpu.debug && !cpu.migratable || cpu.debug'",
                "'!cpu.debug' ; 'cpu.migratable'",
                "'!cpu.debug' ; '!cpu.debug || cpu.migratable ? true : false'",
            })
    void ofAnotherTextNothingIsClaimed(String was, String is) {
        var said = diff(POLICY, POLICY.replace("require: '" + was.strip() + "'", "require: '" + is.strip() + "'"));
        assertEquals(java.util.Set.of(Kind.CHANGED), said.keySet(), said.toString());
    }

    @Test
    void rulesThatComeAndGoAreNamed() {
        String fewer = POLICY.substring(0, POLICY.indexOf("  - name: no debugging"));
        assertTrue(diff(POLICY, fewer).toString().contains("the rule \"no debugging\" is gone: !cpu.debug"));
        assertEquals(java.util.Set.of(Kind.STRICTER), diff(fewer, POLICY).keySet());
    }

    @Test
    void aRuleThatOnlyWarnsIsLooser() {
        String warns = POLICY.replace("    because: Secrets.\n", "    otherwise: warning\n    because: Secrets.\n");
        assertEquals(java.util.Set.of(Kind.LOOSER), diff(POLICY, warns).keySet());
        assertEquals(java.util.Set.of(Kind.STRICTER), diff(warns, POLICY).keySet());
    }

    @Test
    void aToleranceThatIsGoneIsStricterAndAnotherReasonIsNeutral() {
        String without =
                POLICY.replace("tolerate:\n  waive:\n    - { check: gpu.fwid, because: Drivers are old. }\n", "");
        assertEquals(java.util.Set.of(Kind.STRICTER), diff(POLICY, without).keySet());
        assertEquals(java.util.Set.of(Kind.LOOSER), diff(without, POLICY).keySet());
        String otherReason = POLICY.replace("Drivers are old.", "Drivers are very old.");
        assertEquals(java.util.Set.of(Kind.NEUTRAL), diff(POLICY, otherReason).keySet());
    }

    @Test
    void tokensThatCanNoLongerBeMadeAreSaid() {
        String unpinned =
                POLICY.replace("require: cpu.launch_measurement in references.images", "require: '!cpu.migratable'");
        var said = diff(POLICY, unpinned);
        assertTrue(said.toString().contains("no token can be made any more"), said.toString());
        assertTrue(diff(unpinned, POLICY).toString().contains("tokens can be made now"));
    }

    @Test
    void wordsAreNeutral() {
        var said = diff(
                POLICY,
                POLICY.replace("Secrets.", "Keys.").replace("\"1\"", "\"2\"").replace("Mine.", "Ours."));
        assertEquals(java.util.Set.of(Kind.NEUTRAL), said.keySet());
        assertTrue(said.toString().contains("the version is \"2\", was \"1\""), said.toString());
    }

    /** What answers a question about an answer may admit less where the list holds more. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "(cpu.launch_measurement in references.images) == cpu.debug",
                "cpu.launch_measurement in references.images == cpu.debug",
                "cpu.debug == (cpu.launch_measurement in references.images)",
                "(cpu.launch_measurement in references.images) in [cpu.debug]",
                "[1].exists_one(x, cpu.launch_measurement in references.images && x == 1)",
                "[cpu.launch_measurement in references.images] == [cpu.debug]",
                "(cpu.launch_measurement in references.images) < cpu.debug",
            })
    void ofAListWhoseAnswerIsComparedNothingIsClaimed(String require) {
        String compared = POLICY.replace("cpu.launch_measurement in references.images", "'" + require + "'");
        String more =
                compared.replace("values: [\"%s\"]".formatted(ONE), "values: [\"%s\", \"%s\"]".formatted(ONE, TWO));
        assertEquals(java.util.Set.of(Kind.CHANGED), diff(compared, more).keySet());
        assertEquals(java.util.Set.of(Kind.CHANGED), diff(more, compared).keySet());
    }

    @Test
    void aDemandBehindACommentIsNone() {
        String commented = POLICY.replace("require: '!cpu.debug'", "require: '!cpu.debug // or'");
        String more = POLICY.replace("require: '!cpu.debug'", "require: '!cpu.debug // or && !cpu.migratable'");
        assertEquals(java.util.Set.of(Kind.CHANGED), diff(commented, more).keySet());
    }

    @Test
    void aValueThatEndsSoonerIsStricterAndOneThatEndsLaterLooser() {
        String until = "values: [{ value: \"%s\", expires: %s }]";
        String sooner = POLICY.replace("values: [\"%s\"]".formatted(ONE), until.formatted(ONE, "2026-12-01"));
        String later = POLICY.replace("values: [\"%s\"]".formatted(ONE), until.formatted(ONE, "2026-12-24"));
        assertEquals(java.util.Set.of(Kind.STRICTER), diff(POLICY, sooner).keySet());
        assertEquals(
                Map.of(
                        Kind.LOOSER,
                        List.of("the reference values images hold 1111111111111111… until 2026-12-24T00:00:00Z,"
                                + " was 2026-12-01T00:00:00Z")),
                diff(sooner, later));
    }

    @Test
    void aRuleThatPinsAnotherTypeLetsTokensBeMadeForIt() {
        String both = POLICY.replace("types: [sev-snp]", "types: [sev-snp, tdx]")
                .replace("for: cpu\n    require: cpu.launch", "for: sev-snp\n    require: cpu.launch");
        String pinned = both + """
                  - name: TD is approved
                    for: tdx
                    require: cpu.launch_measurement in references.images
                    sets: executables
                    because: Only ours.
                """;
        var said = diff(both, pinned);
        assertEquals(java.util.Set.of(Kind.STRICTER, Kind.LOOSER), said.keySet(), said.toString());
        assertTrue(said.toString().contains("tokens can be made now for evidence of the type tdx"), said.toString());
    }
}
