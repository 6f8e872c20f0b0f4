package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.policy.Bench.FakeCheck;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.result.RuleResult;
import io.countersign.verifier.result.Seen;
import io.countersign.verifier.scheme.CompositeEvidence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a rule says about its outcome, for each kind of operand that rules are made of. */
class ReasonsTest {
    private static final String RULE = "the rule";
    private static final String IMAGES = """
            references:
              images:
                claim: launch_measurement
                note: Payment service 2026.11
                owner: payments@example.com
                expires: 2026-12-01T00:00:00Z
                values: ['%s', '%s']
            """.formatted("01".repeat(48), "02".repeat(48));

    private static RuleResult result(String require, String more, Map<String, Object> claims) {
        return rule(Bench.appraise(Bench.accepted(Bench.policyWith(require, more)), claims));
    }

    private static RuleResult rule(AttestationResult result) {
        return result.rules().stream()
                .filter(each -> each.name().equals(RULE))
                .findFirst()
                .orElseThrow();
    }

    private static Outcome.Failed failed(String require) {
        return assertInstanceOf(
                Outcome.Failed.class, result(require, "", Bench.milan()).outcome());
    }

    private static Outcome.Undetermined open(String require, String... without) {
        Map<String, Object> claims = Bench.milan();
        List.of(without).forEach(claims::remove);
        return assertInstanceOf(
                Outcome.Undetermined.class, result(require, IMAGES, claims).outcome());
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " ## ",
            value = {
                "cpu.debug ## cpu.debug is true ## cpu.debug = false",
                "!cpu.snp.platform_info.alias_check_complete ## cpu.snp.platform_info.alias_check_complete is false"
                        + " ## cpu.snp.platform_info.alias_check_complete = true",
                "cpu.snp.vmpl == 3 ## cpu.snp.vmpl == 3 ## cpu.snp.vmpl = 0",
                "cpu.snp.product in [\"Genoa\",\"Turin\"] ## cpu.snp.product in [\"Genoa\", \"Turin\"]"
                        + " ## cpu.snp.product = Milan",
                "size(cpu.snp.notes)==0 ## size(cpu.snp.notes) == 0 ## cpu.snp.notes = [a, b]",
                "version_at_least(cpu.snp.current_version, \"1.55.30\") ## cpu.snp.current_version is at least 1.55.30"
                        + " ## cpu.snp.current_version = 1.55.29",
                "bits_set(cpu.snp.launch_mit_vector, \"0000000000000040\")"
                        + " ## bits_set(cpu.snp.launch_mit_vector, \"0000000000000040\")"
                        + " ## cpu.snp.launch_mit_vector = 000000000000003f",
                "cpu.snp.notes.all(n, n == \"a\") ## cpu.snp.notes.all(n, n == \"a\") ## cpu.snp.notes = [a, b]",
                "cpu.snp.made > timestamp(\"2027-01-01T00:00:00Z\") ## cpu.snp.made > timestamp(\"2027-01-01T00:00:00Z\")"
                        + " ## cpu.snp.made = 2026-11-23T12:00:00Z",
                "cpu.snp.vmpl == 0 && cpu.snp.reported_tcb.snp >= 25 && !cpu.debug ## cpu.snp.reported_tcb.snp >= 25"
                        + " ## cpu.snp.reported_tcb.snp = 24",
                "cpu.debug && cpu.snp.vmpl == 1 ## cpu.debug is true and cpu.snp.vmpl == 1"
                        + " ## cpu.debug = false, cpu.snp.vmpl = 0",
                "cpu.debug || cpu.snp.vmpl == 1 ## cpu.debug is true or cpu.snp.vmpl == 1"
                        + " ## cpu.debug = false, cpu.snp.vmpl = 0",
                "!cpu.debug && (cpu.migratable || cpu.snp.vmpl == 1 && cpu.debug)"
                        + " ## cpu.migratable is true or (cpu.snp.vmpl == 1 and cpu.debug is true)"
                        + " ## cpu.migratable = false, cpu.snp.vmpl = 0, cpu.debug = false",
                "cpu.snp.product == \"Genoa\" ? cpu.debug : cpu.snp.product == \"Milan\" ? cpu.snp.vmpl == 1 : cpu.debug"
                        + " ## cpu.snp.vmpl == 1 ## cpu.snp.vmpl = 0",
                "!(cpu.debug || cpu.snp.vmpl == 0) ## !(cpu.debug || cpu.snp.vmpl == 0)"
                        + " ## cpu.debug = false, cpu.snp.vmpl = 0",
            })
    void failedRuleSpeaksOfTheOperandsThatMadeItFalse(String require, String expected, String actual) {
        Outcome.Failed failed = failed(require);
        assertEquals(expected, failed.expected());
        assertEquals(actual, failed.actual());
    }

    @Test
    void membershipTellsHowManyValuesThereAreAndWhoseAndNeverWhich() {
        var failed = assertInstanceOf(
                Outcome.Failed.class,
                result("cpu.launch_measurement in references.images", IMAGES, Bench.milan())
                        .outcome());
        assertEquals(
                "cpu.launch_measurement is one of the 2 live values of references.images"
                        + " (\"Payment service 2026.11\"; owner: payments@example.com)",
                failed.expected());
        assertEquals("cpu.launch_measurement = " + Bench.MEASUREMENT, failed.actual());
    }

    @Test
    void membershipInADenyListIsAskedForTheOtherWayRound() {
        Map<String, Object> claims = Bench.milan();
        claims.put("launch_measurement", Bench.hex("01".repeat(48)));
        var failed = assertInstanceOf(
                Outcome.Failed.class,
                result("!(cpu.launch_measurement in references.images)", IMAGES, claims)
                        .outcome());
        assertTrue(failed.expected().startsWith("cpu.launch_measurement is none of the 2 live values of references."));
    }

    @ParameterizedTest
    @CsvSource({"01, is one of them", "03, is none of them"})
    void valuesThatExpiredSayWhetherTheOneSeenWasAmongThem(String measured, String said) {
        Map<String, Object> claims = Bench.milan();
        claims.put("launch_measurement", Bench.hex(measured.repeat(48)));
        AppraisalPolicy policy =
                Bench.accepted(Bench.policyWith("cpu.launch_measurement in references.images", IMAGES));
        AttestationResult late = Appraiser.appraise(
                policy,
                new CompositeEvidence(List.of(Bench.snpCpu())),
                Map.of("cpu0", Bench.genuine(Bench.SNP, claims)),
                Bench.BOUND,
                Instant.parse("2026-12-01T00:00:00Z"));
        var open = assertInstanceOf(Outcome.Undetermined.class, rule(late).outcome());
        assertEquals(
                "live reference values for references.images, which expired at 2026-12-01T00:00:00Z"
                        + " (cpu.launch_measurement " + said + ")",
                open.missing());
    }

    @Test
    void everyOutcomeCarriesTheSentenceItsOriginAndWhatWasSeen() {
        for (String require : List.of("cpu.snp.vmpl == 0", "cpu.snp.vmpl == 1", "cpu.snp.vmpl / 0 == 1")) {
            RuleResult result = result(require, "", Bench.milan());
            assertEquals("It is wanted.", result.because());
            assertEquals("small", result.origin());
            assertEquals(Map.of("cpu.snp.vmpl", new Seen.Value(0L)), result.saw());
        }
    }

    @Test
    void ruleThatIsDrawnInNamesThePolicyThatWroteIt() {
        String extension = """
                policy: mine
                version: "1"
                summary: Draws in another.
                extends: [small]
                """;
        AppraisalPolicy policy = Bench.accepted(extension, Bench.accepted(Bench.policyWith("cpu.snp.vmpl == 0")));
        assertEquals("small", rule(Bench.appraise(policy, Bench.milan())).origin());
    }

    @Test
    void absentClaimIsListedAsSuch() {
        Map<String, Object> claims = Bench.milan();
        claims.remove("snp.vmpl");
        RuleResult result = result("cpu.debug && cpu.snp.vmpl == 0", "", claims);
        assertEquals(Map.of("cpu.debug", new Seen.Value(false), "cpu.snp.vmpl", new Seen.Absent()), result.saw());
    }

    @Test
    void ruleOverRejectedEvidenceSawNothing() {
        var outcome = new Outcome.Failed("good", "bad", "repair it");
        RuleResult result = rule(Bench.appraise(
                Bench.accepted(Bench.policyWith("cpu.snp.vmpl == 0")),
                Bench.concluded(Bench.SNP, Bench.milan(), Map.of(FakeCheck.SIGNATURE, outcome))));
        assertEquals(new Outcome.NotReached(FakeCheck.SIGNATURE), result.outcome());
        assertEquals(Map.of(), result.saw());
        assertEquals("It is wanted.", result.because());
    }

    @Test
    void undeterminedRuleNamesOnlyTheClaimsOnWhichItsAnswerDepends() {
        assertEquals(
                "the claim cpu.snp.vmpl, which this evidence does not hold",
                open("!cpu.debug && cpu.snp.vmpl == 0", "snp.vmpl").missing());
        // The branch that is not taken has nothing to do with it.
        assertEquals(
                "the claim cpu.snp.vmpl, which this evidence does not hold",
                open("cpu.debug ? cpu.snp.guest_svn == 1 : cpu.snp.vmpl == 0", "snp.vmpl", "snp.guest_svn")
                        .missing());
        assertEquals(
                "the claims cpu.snp.product, cpu.snp.vmpl, which this evidence does not hold",
                open("cpu.snp.product == \"Milan\" || cpu.debug || cpu.snp.vmpl == 0", "snp.vmpl", "snp.product")
                        .missing());
    }

    @Test
    void absentClaimNamesTheChecksOnWhichItMayRest() {
        var notFetched = new Outcome.Undetermined("the CRL", Outcome.Cause.NOT_FETCHED, "ask again");
        Map<String, Object> claims = Bench.milan();
        claims.remove("snp.vmpl");
        RuleResult result = rule(Bench.appraise(
                Bench.accepted(Bench.policyWith("cpu.snp.vmpl == 0")),
                Bench.concluded(Bench.SNP, claims, Map.of(FakeCheck.TCB, notFetched))));
        var open = assertInstanceOf(Outcome.Undetermined.class, result.outcome());
        assertEquals(Outcome.Cause.NOT_FETCHED, open.cause());
        assertEquals("the claim cpu.snp.vmpl, absent where these checks did not pass: fake.tcb", open.missing());
    }

    @Test
    void askingAgainDoesNotHelpWhereAListHasExpiredToo() {
        String require = "cpu.launch_measurement in references.images && cpu.snp.vmpl == 0";
        var notFetched = new Outcome.Undetermined("the CRL", Outcome.Cause.NOT_FETCHED, "ask again");
        Map<String, Object> claims = Bench.milan();
        claims.remove("snp.vmpl");
        AttestationResult late = Appraiser.appraise(
                Bench.accepted(Bench.policyWith(require, IMAGES)),
                new CompositeEvidence(List.of(Bench.snpCpu())),
                Map.of("cpu0", Bench.concluded(Bench.SNP, claims, Map.of(FakeCheck.TCB, notFetched))),
                Bench.BOUND,
                Instant.parse("2026-12-01T00:00:00Z"));
        var open = assertInstanceOf(Outcome.Undetermined.class, rule(late).outcome());
        assertEquals(Outcome.Cause.NOT_IN_HAND, open.cause());
        assertTrue(
                open.missing().contains("references.images") && open.missing().contains("cpu.snp.vmpl"));
        assertFalse(late.retryCanHelp());
    }

    @Test
    void errorThatNoAbsentClaimExplainsIsTold() {
        assertTrue(open("cpu.snp.vmpl / 0 == 1").missing().startsWith("an answer: the rule ended in an error"));
    }

    @Test
    void ruleWithoutAHintSaysWhomToAsk() {
        assertEquals(
                "The rule gives no hint: ask who looks after the policy \"small\".",
                failed("cpu.debug").hint());
    }

    @Test
    void whatEvidenceMakesLongIsShownShortened() {
        Map<String, Object> claims = Bench.milan();
        claims.put(
                "snp.notes",
                IntStream.range(0, 10_000).mapToObj(i -> "x".repeat(1000) + i).toList());
        claims.put("snp.product", "y".repeat(100_000));
        RuleResult result = result("size(cpu.snp.notes) == 0 && cpu.snp.product == \"Milan\"", "", claims);
        var notes = assertInstanceOf(
                List.class,
                assertInstanceOf(Seen.Value.class, result.saw().get("cpu.snp.notes"))
                        .value());
        assertEquals(9, notes.size());
        assertEquals("… and 9992 more", notes.getLast());
        assertEquals(200, String.valueOf(notes.getFirst()).length());
        assertTrue(((Outcome.Failed) result.outcome()).actual().length() < 500);
    }

    @Test
    void ruleOfManyOperandsIsNotTakenApartAndStaysShort() {
        var parts = new ArrayList<String>();
        IntStream.range(0, 90).forEach(i -> parts.add("cpu.snp.vmpl >= " + (i + 1)));
        Outcome.Failed many = failed(String.join(" && ", parts));
        assertTrue(many.expected().startsWith("cpu.snp.vmpl >= 1 &&"), many.expected());
        assertEquals(200, many.expected().length());
        Outcome.Failed some = failed(String.join(" && ", parts.subList(0, 20)));
        assertTrue(some.expected().endsWith("cpu.snp.vmpl >= 8 and 12 more"), some.expected());
    }

    @Test
    void rulesOverTheRequestSayWhatTheySaw() {
        AttestationResult result = Bench.appraise(Bench.baseline(), Bench.milan());
        RuleResult devices = result.rules().stream()
                .filter(each -> each.name().equals(RequestRules.DEVICES))
                .findFirst()
                .orElseThrow();
        assertEquals(
                Map.of(
                        "cpu.count", new Seen.Value(1L),
                        "gpu.count", new Seen.Value(0L),
                        "nvswitch.count", new Seen.Value(0L)),
                devices.saw());
        assertEquals("baseline", devices.origin());
        RuleResult binding = result.rules().stream()
                .filter(each -> each.name().equals(RequestRules.BINDING))
                .findFirst()
                .orElseThrow();
        assertEquals(Map.of("binding", new Seen.Value(BindingMethod.COUNTERSIGN_V1.word())), binding.saw());
    }
}
