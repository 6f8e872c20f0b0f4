package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.policy.Bench.FakeCheck;
import io.countersign.verifier.policy.Bench.Machine;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.result.TrustworthinessClaim;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks that ask whether evidence is good enough: a failure lowers the result, rejects nothing, and needs no rule. */
class AppraisalChecksTest {
    private static final String ANY = "any-workload: allow-because \"tests\"";
    private static final Outcome FAILED = new Outcome.Failed("good", "bad", "repair it");

    private static final Machine MILAN = Bench.milanMachine();

    private static AttestationResult judge(String require, Map<FakeCheck, Outcome> otherwise) {
        return Bench.appraise(Bench.accepted(Bench.policyWith(require, ANY)), MILAN, otherwise);
    }

    private static Outcome open(Outcome.Cause cause) {
        return new Outcome.Undetermined("an event log", cause, "send it");
    }

    private static int value(AttestationResult result, TrustworthinessClaim claim) {
        return Objects.requireNonNull(
                result.submodules().getFirst().vector().values().get(claim));
    }

    @ParameterizedTest
    @CsvSource({"TCB, HARDWARE, EXECUTABLES, 3", "EVENT_LOG, EXECUTABLES, HARDWARE, 2"})
    void failureContraindicatesItsSideAlthoughEveryRuleIsMet(
            FakeCheck check, TrustworthinessClaim side, TrustworthinessClaim other, int untouched) {
        AttestationResult result = judge("!cpu.debug", Map.of(check, FAILED));
        assertInstanceOf(Outcome.Passed.class, Bench.ruleOutcome(result, "the rule"));
        assertEquals(96, value(result, side));
        assertEquals(untouched, value(result, other));
        assertEquals(TrustTier.CONTRAINDICATED, result.status());
        assertFalse(result.favourable());
        assertFalse(result.retryCanHelp());
    }

    @ParameterizedTest
    @EnumSource(names = {"TCB", "EVENT_LOG"})
    void failureRejectsNothing(FakeCheck check) {
        var authentication = judge("!cpu.debug", Map.of(check, FAILED))
                .submodules()
                .getFirst()
                .authentication();
        assertEquals(Authenticity.GENUINE, authentication.authenticity());
        assertTrue(authentication.claims().isPresent());
    }

    @Test
    void failureCountsAlsoWhereAPolicyMintsAtWarnings() {
        AppraisalPolicy policy = Bench.accepted(Bench.policyWith("!cpu.debug", ANY + "\nmint: [affirming, warning]"));
        assertFalse(Bench.appraise(policy, MILAN, Map.of(FakeCheck.TCB, FAILED)).favourable());
    }

    @ParameterizedTest
    @CsvSource({"TCB, HARDWARE, EXECUTABLES, 3", "EVENT_LOG, EXECUTABLES, HARDWARE, 2"})
    void nothingIsAffirmedWhereNothingWasCompared(
            FakeCheck check, TrustworthinessClaim side, TrustworthinessClaim other, int untouched) {
        for (Outcome notCompared : List.of(
                open(Outcome.Cause.NOT_IN_HAND),
                open(Outcome.Cause.NOT_FETCHED),
                new Outcome.NotReached(FakeCheck.REVOCATION))) {
            AttestationResult result = judge("!cpu.debug", Map.of(check, notCompared));
            assertEquals(0, value(result, side), notCompared.toString());
            assertEquals(untouched, value(result, other));
            assertEquals(TrustTier.NONE, result.status());
            assertFalse(result.favourable());
        }
    }

    @Test
    void whatMayNotBeLeftOutAffirmsNothingEither() {
        assertEquals(
                TrustTier.NONE,
                judge("!cpu.debug", Map.of(FakeCheck.TCB, open(Outcome.Cause.NOT_ASKED)))
                        .status());
    }

    @Test
    void waivedCheckStandsInTheWayOfNothing() {
        AttestationResult result =
                judge("!cpu.debug", Map.of(FakeCheck.TCB, new Outcome.Waived("small", "OutOfDate is tolerated: r")));
        assertEquals(TrustTier.AFFIRMING, result.status());
        assertTrue(result.favourable());
    }

    @ParameterizedTest
    @CsvSource({
        "EVENT_LOG, NOT_ASKED, true",
        "EVENT_LOG, NOT_IN_HAND, false",
        "EVENT_LOG, NOT_FETCHED, false",
        "TCB, NOT_ASKED, false",
        "BINDING, NOT_ASKED, false",
    })
    void onlyWhatEvidenceMayLeaveOutBlocksNoToken(FakeCheck check, Outcome.Cause cause, boolean favourable) {
        assertEquals(favourable, judge("!cpu.debug", Map.of(check, open(cause))).favourable());
    }

    @Test
    void whatWasLeftOutShowsInTheResult() {
        AttestationResult result = judge("!cpu.debug", Map.of(FakeCheck.EVENT_LOG, open(Outcome.Cause.NOT_ASKED)));
        assertInstanceOf(
                Outcome.Undetermined.class,
                result.submodules().getFirst().authentication().report().outcomeOf(FakeCheck.EVENT_LOG));
        assertEquals(TrustTier.AFFIRMING, result.status());
    }

    @Test
    void policyThatReadsTheAbsentLogIsNotMet() {
        AppraisalPolicy policy = Bench.accepted("""
                policy: reads-the-log
                version: "1"
                summary: The root file system is known.
                expect: { cpu: { types: [tdx] } }
                any-workload: allow-because "tests"
                references: { roots: { claim: tdx.event_log.root_hash, note: n, values: ['ab'] } }
                rules:
                  - name: root file system is known
                    for: tdx
                    require: cpu.tdx.event_log.root_hash in references.roots
                    sets: file-system
                    because: It is wanted.
                """);
        AttestationResult without =
                Bench.appraise(policy, Bench.td(), Map.of(FakeCheck.EVENT_LOG, open(Outcome.Cause.NOT_ASKED)));
        assertInstanceOf(Outcome.Undetermined.class, Bench.ruleOutcome(without, "root file system is known"));
        assertEquals(TrustTier.NONE, without.status());
        assertFalse(without.favourable());
        assertFalse(without.retryCanHelp());
        assertTrue(Bench.appraise(policy, Bench.td().with("tdx.event_log.root_hash", "ab"))
                .favourable());
    }
}
