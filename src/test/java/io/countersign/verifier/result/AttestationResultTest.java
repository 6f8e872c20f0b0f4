package io.countersign.verifier.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.check.CheckReport;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.check.SpecRef;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.ClaimCatalogue;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.result.AttestationResult.Workload;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttestationResultTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Outcome PASSED = new Outcome.Passed("It holds.");
    private static final Outcome FAILED = new Outcome.Failed("a", "b", "c");
    private static final Outcome NOT_FETCHED = new Outcome.Undetermined("a", Outcome.Cause.NOT_FETCHED, "b");
    private static final Outcome NOT_ASKED = new Outcome.Undetermined("a", Outcome.Cause.NOT_ASKED, "b");
    private static final Outcome WAIVED = new Outcome.Waived("p", "because");

    private static CheckReport composite(Outcome binding) {
        var outcomes = new EnumMap<CompositeCheck, Outcome>(CompositeCheck.class);
        for (CompositeCheck check : CompositeCheck.values()) {
            outcomes.put(check, PASSED);
        }
        outcomes.put(CompositeCheck.BINDING, binding);
        return CheckReport.covering(CompositeCheck.class, outcomes);
    }

    private static AttestationResult result(
            Outcome binding, int hardware, Outcome rule, String ruleOf, Optional<Instant> until, TrustTier... mint) {
        // The composite checks stand in for a device's own: any catalogue will do.
        return result(composite(PASSED), binding, hardware, rule, ruleOf, until, mint);
    }

    private static AttestationResult result(
            CheckReport ofDevice,
            Outcome binding,
            int hardware,
            Outcome rule,
            String ruleOf,
            Optional<Instant> until,
            TrustTier... mint) {
        var authentication = Authentication.conclude(
                ofDevice, () -> Claims.of(new ClaimCatalogue(List.of())).build(), NOW.plusSeconds(100));
        return new AttestationResult(
                NOW,
                new PolicyIdentity("p", "1", Bytes.zeros(32)),
                new Workload.Pinned(),
                Set.of(mint),
                composite(binding),
                List.of(new Appraisal(
                        "cpu0",
                        "sev-snp",
                        authentication,
                        new TrustworthinessVector(Map.of(TrustworthinessClaim.HARDWARE, hardware)))),
                List.of(new RuleResult("r", ruleOf, rule, "It is wanted.", "p", Map.of())),
                List.of(),
                Binding.none(),
                Bytes.zeros(32),
                until);
    }

    private static AttestationResult result(Outcome binding, int hardware, Outcome rule, String ruleOf) {
        return result(binding, hardware, rule, ruleOf, Optional.empty(), TrustTier.AFFIRMING);
    }

    @Test
    void everythingMetIsFavourable() {
        AttestationResult result = result(PASSED, 2, PASSED, "cpu0");
        assertEquals(TrustTier.AFFIRMING, result.status());
        assertTrue(result.favourable());
    }

    @Test
    void statusThatThePolicyDoesNotNameIsNotFavourable() {
        assertFalse(result(PASSED, 32, PASSED, "cpu0").favourable());
        assertTrue(result(PASSED, 32, PASSED, "cpu0", Optional.empty(), TrustTier.AFFIRMING, TrustTier.WARNING)
                .favourable());
        assertFalse(result(PASSED, 2, PASSED, "cpu0", Optional.empty()).favourable());
    }

    @Test
    void oneRuleThatIsNotMetIsNeverFavourable() {
        for (Outcome outcome : List.of(FAILED, NOT_FETCHED, new Outcome.NotReached(CompositeCheck.BINDING))) {
            assertFalse(result(PASSED, 2, outcome, "cpu0").favourable());
            assertFalse(result(PASSED, 2, outcome, "").favourable());
        }
    }

    @Test
    void ruleOverTheWholeRequestCountsForTheStatus() {
        assertEquals(TrustTier.CONTRAINDICATED, result(PASSED, 2, FAILED, "").status());
        assertEquals(TrustTier.NONE, result(PASSED, 2, NOT_ASKED, "").status());
    }

    @Test
    void checkBetweenDevicesCountsForTheStatus() {
        assertEquals(
                TrustTier.CONTRAINDICATED, result(FAILED, 2, PASSED, "cpu0").status());
        assertEquals(TrustTier.NONE, result(NOT_ASKED, 2, PASSED, "cpu0").status());
        assertEquals(TrustTier.AFFIRMING, result(WAIVED, 2, PASSED, "cpu0").status());
    }

    @Test
    void retryHelpsOnlyWhereNothingButAFetchStandsInTheWay() {
        assertTrue(result(PASSED, 2, NOT_FETCHED, "cpu0").retryCanHelp());
        assertTrue(result(new Outcome.NotReached(CompositeCheck.TOPOLOGY), 2, NOT_FETCHED, "cpu0")
                .retryCanHelp());
        assertFalse(result(NOT_ASKED, 2, NOT_FETCHED, "cpu0").retryCanHelp());
        assertFalse(result(FAILED, 2, NOT_FETCHED, "cpu0").retryCanHelp());
        assertFalse(result(PASSED, 2, PASSED, "cpu0").retryCanHelp());
        assertFalse(result(PASSED, 2, new Outcome.NotReached(CompositeCheck.TOPOLOGY), "cpu0")
                .retryCanHelp());
    }

    /** A check of something that evidence may leave out, as a TD's event log. */
    private enum LeftOut implements CheckId {
        LOG;

        @Override
        public String code() {
            return "fake.log";
        }

        @Override
        public String summary() {
            return "It holds.";
        }

        @Override
        public SpecRef spec() {
            return new SpecRef("none", "none");
        }

        @Override
        public Kind kind() {
            return Kind.APPRAISAL;
        }

        @Override
        public boolean blocksWhenNotAsked() {
            return false;
        }
    }

    private static AttestationResult withLog(Outcome log, Outcome rule) {
        return result(
                CheckReport.covering(LeftOut.class, Map.of(LeftOut.LOG, log)),
                PASSED,
                2,
                rule,
                "cpu0",
                Optional.empty(),
                TrustTier.AFFIRMING);
    }

    @Test
    void whatTheEvidenceMayLeaveOutStandsInNobodysWayWhenItIsNotThere() {
        assertTrue(withLog(NOT_ASKED, PASSED).favourable());
        assertFalse(withLog(NOT_FETCHED, PASSED).favourable());
        assertFalse(withLog(FAILED, PASSED).favourable());
        assertFalse(withLog(new Outcome.NotReached(LeftOut.LOG), PASSED).favourable());
        assertFalse(withLog(NOT_ASKED, NOT_ASKED).favourable(), "a rule that wants it is not met");
    }

    @Test
    void whatWasLeftOutDoesNotHideThatAFetchIsAllThatIsMissing() {
        assertTrue(withLog(NOT_ASKED, NOT_FETCHED).retryCanHelp());
        assertFalse(withLog(FAILED, NOT_FETCHED).retryCanHelp());
    }

    @Test
    void restsOnlyUntilTheEarliestEnd() {
        assertEquals(
                Optional.of(NOW.plusSeconds(100)),
                result(PASSED, 2, PASSED, "cpu0").restsUntil());
        assertEquals(
                Optional.of(NOW.plusSeconds(50)),
                result(PASSED, 2, PASSED, "cpu0", Optional.of(NOW.plusSeconds(50)))
                        .restsUntil());
    }
}
