package io.countersign.verifier.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.CheckReport;
import io.countersign.verifier.check.Outcome;
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
        var authentication = Authentication.conclude(
                composite(PASSED),
                () -> Claims.of(new ClaimCatalogue(List.of())).build(),
                NOW.plusSeconds(100));
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
                List.of(new RuleResult("r", ruleOf, rule)),
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
