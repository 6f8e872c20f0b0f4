package io.countersign.verifier.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.check.CheckReport;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.check.SpecRef;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuthenticationTest {
    private enum Sample implements CheckId {
        SIGNATURE,
        REVOCATION,
        TCB;

        @Override
        public String code() {
            return "sample." + name().toLowerCase(java.util.Locale.ROOT);
        }

        @Override
        public String summary() {
            return "A check for tests.";
        }

        @Override
        public SpecRef spec() {
            return new SpecRef("none", "none");
        }

        @Override
        public Kind kind() {
            return this == TCB ? Kind.APPRAISAL : Kind.AUTHENTICITY;
        }
    }

    private static final Instant UNTIL = Instant.parse("2026-06-01T00:00:00Z");
    private static final Claims CLAIMS =
            Claims.of(new ClaimCatalogue(List.of())).build();
    private static final Outcome PASSED = new Outcome.Passed("it holds");
    private static final Outcome FAILED = new Outcome.Failed("this", "that", "do something");
    private static final Outcome UNDETERMINED =
            new Outcome.Undetermined("something", Outcome.Cause.NOT_FETCHED, "try again");
    private static final Outcome NOT_REACHED = new Outcome.NotReached(Sample.SIGNATURE);
    private static final Outcome WAIVED = new Outcome.Waived("policy", "because");

    @Test
    void everythingPassedIsGenuineUntilItsWindowsEnd() {
        var genuine = assertInstanceOf(Authentication.Genuine.class, conclude(PASSED, PASSED, PASSED));
        assertEquals(UNTIL, genuine.restsUntil());
        assertEquals(Authenticity.GENUINE, genuine.authenticity());
        assertTrue(genuine.claims().isPresent());
    }

    @Test
    void aWaivedCheckStillLeavesItGenuine() {
        assertEquals(Authenticity.GENUINE, conclude(PASSED, WAIVED, PASSED).authenticity());
    }

    @Test
    void anUndeterminedCheckLeavesItUnsettledWithClaims() {
        var unsettled = conclude(PASSED, UNDETERMINED, PASSED);
        assertEquals(Authenticity.UNDETERMINED, unsettled.authenticity());
        assertTrue(unsettled.claims().isPresent());
    }

    @Test
    void aCheckThatWasNotReachedLeavesItUnsettled() {
        assertEquals(
                Authenticity.UNDETERMINED, conclude(PASSED, NOT_REACHED, PASSED).authenticity());
    }

    @Test
    void aFailedCheckRejectsAndNobodyAsksForClaims() {
        var report = report(FAILED, PASSED, PASSED);
        var rejected = Authentication.conclude(report, () -> fail("claims of rejected evidence"), UNTIL);
        assertEquals(Authenticity.REJECTED, rejected.authenticity());
        assertTrue(rejected.claims().isEmpty());
        assertEquals(report, rejected.report());
    }

    @Test
    void aFailureWeighsMoreThanWhatCouldNotBeDetermined() {
        assertEquals(
                Authenticity.REJECTED, conclude(UNDETERMINED, FAILED, PASSED).authenticity());
    }

    @Test
    void anAppraisalCheckNeverRejects() {
        assertEquals(Authenticity.GENUINE, conclude(PASSED, PASSED, FAILED).authenticity());
        assertEquals(
                Authenticity.GENUINE, conclude(PASSED, PASSED, UNDETERMINED).authenticity());
    }

    @Test
    void theWordsAreTheOnesOfTheContract() {
        assertEquals(
                List.of("genuine", "undetermined", "rejected"),
                List.of(Authenticity.values()).stream().map(Authenticity::word).toList());
    }

    private static Authentication conclude(Outcome signature, Outcome revocation, Outcome tcb) {
        return Authentication.conclude(report(signature, revocation, tcb), () -> CLAIMS, UNTIL);
    }

    private static CheckReport report(Outcome signature, Outcome revocation, Outcome tcb) {
        return CheckReport.covering(
                Sample.class, Map.of(Sample.SIGNATURE, signature, Sample.REVOCATION, revocation, Sample.TCB, tcb));
    }
}
