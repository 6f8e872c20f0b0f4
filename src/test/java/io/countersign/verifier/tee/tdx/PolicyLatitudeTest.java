package io.countersign.verifier.tee.tdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.Tolerances;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a policy may tolerate, what it may not, and how a request that brings older TCB info is told. */
class PolicyLatitudeTest {
    private static final Instant ENDED = Lab.NOW.minus(Duration.ofHours(6));

    static List<String> tolerable() {
        return Tolerances.TOLERABLE_TCB_STATUSES;
    }

    private static Tolerances staleFor(Duration duration) {
        return new Tolerances("tolerant", duration, Map.of(), Map.of());
    }

    private static Endorsements ended(EndorsementRef ref) {
        Bytes list = ref.equals(Lab.PCK_CRL)
                ? Lab.INTEL.pckCrlDraft(Lab.CA).nextUpdate(ENDED).der()
                : Lab.INTEL.rootCrlDraft().nextUpdate(ENDED).der();
        return Lab.gathered(ref, list);
    }

    @Test
    void aListThatIsOverCountsAsLongAsThePolicySays() {
        for (EndorsementRef ref : List.of(Lab.PCK_CRL, Lab.ROOT_CRL)) {
            var found = assertInstanceOf(
                    Authentication.Genuine.class, Lab.judge(ended(ref), Lab.NOW, staleFor(Duration.ofHours(7))));
            assertEquals(ENDED.plus(Duration.ofHours(7)), found.restsUntil());
            for (long hours : List.of(6L, 5L, 0L)) {
                Authentication over = Lab.judge(ended(ref), Lab.NOW, staleFor(Duration.ofHours(hours)));
                assertEquals(
                        "undetermined", Tdx.outcome(over, TdxCheck.REVOCATION).word(), hours + " hours");
            }
        }
    }

    @Test
    void aToleratedListSaysThatItIsOver() {
        var passed = assertInstanceOf(
                Outcome.Passed.class,
                Tdx.outcome(
                        Lab.judge(ended(Lab.PCK_CRL), Lab.NOW, staleFor(Duration.ofHours(7))), TdxCheck.REVOCATION));
        assertTrue(
                passed.because().contains("The list of the Intel SGX PCK Platform CA ended at " + ENDED),
                passed::because);
    }

    @Test
    void aToleratedListStillRevokes() {
        Authentication found = Lab.judge(
                Lab.gathered(
                        Lab.PCK_CRL,
                        Lab.INTEL
                                .pckCrlDraft(Lab.CA)
                                .nextUpdate(ENDED)
                                .revoking(Lab.INTEL.pckSerial(Lab.CA))
                                .der()),
                Lab.NOW,
                staleFor(Duration.ofDays(9)));
        assertEquals("failed", Tdx.outcome(found, TdxCheck.REVOCATION).word());
    }

    /** Only lists may be stale: an old statement would lower the bar. */
    @Test
    void staleStatementsAreNeverTolerated() {
        Bytes old = Lab.statement(Lab.INTEL
                .tcbInfo(TeeType.TDX)
                .with(info -> info.put("nextUpdate", ENDED.toString()))
                .json());
        Authentication found = Lab.judge(Lab.gathered(Lab.TCB_INFO, old), Lab.NOW, staleFor(Duration.ofDays(9)));
        assertEquals("undetermined", Tdx.outcome(found, TdxCheck.COLLATERAL).word());
    }

    @Test
    void onlyRevocationCanBeWaivedAndOnlyWhereItIsUndetermined() {
        var all = new Tolerances(
                "lenient",
                Duration.ZERO,
                Map.of(
                        "tdx.format", "no",
                        "tdx.quote-signature", "no",
                        "tdx.qe-report", "no",
                        "tdx.pck-chain", "no",
                        "tdx.collateral", "no",
                        "tdx.revocation", "We are offline.",
                        "tdx.binding", "no",
                        "tdx.tcb", "no"),
                Map.of());
        Authentication offline = Lab.judge(Endorsements.none(), Lab.NOW, all);
        assertEquals(java.util.Set.of("tdx.revocation"), Tdx.ended(offline, "waived"));
        assertEquals("undetermined", Tdx.outcome(offline, TdxCheck.COLLATERAL).word());
        assertEquals(new Outcome.Waived("lenient", "We are offline."), Tdx.outcome(offline, TdxCheck.REVOCATION));
        Authentication forged =
                Lab.judge(Lab.gathered(Lab.ROOT_CRL, Lab.FOREIGN.rootCrlDraft().der()), Lab.NOW, all);
        assertEquals("failed", Tdx.outcome(forged, TdxCheck.REVOCATION).word());
        var lists = new Availability.Missing("offline", Outcome.Cause.NOT_IN_HAND);
        var found = assertInstanceOf(
                Authentication.Genuine.class,
                Lab.judge(Lab.gathered(Map.of(Lab.PCK_CRL, lists, Lab.ROOT_CRL, lists)), Lab.NOW, all));
        // Without lists it rests on the statements.
        assertEquals(Lab.NOW.plus(Duration.ofDays(29)), found.restsUntil());
    }

    private static Endorsements platformIs(String status) {
        return Lab.gathered(
                Lab.TCB_INFO,
                Lab.statement(Lab.INTEL
                        .tcbInfo(TeeType.TDX)
                        .with(info -> ((ObjectNode) info.get("tcbLevels").get(0)).put("tcbStatus", status))
                        .json()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SWHardeningNeeded",
                "ConfigurationNeeded",
                "ConfigurationAndSWHardeningNeeded",
                "OutOfDate",
                "OutOfDateConfigurationNeeded"
            })
    void aStatusThatThePolicyToleratesIsWaivedByNameAndNoOtherIs(String status) {
        var tolerant = new Tolerances("patient", Duration.ZERO, Map.of(), Map.of(status, "We mitigate it."));
        var waived = assertInstanceOf(
                Outcome.Waived.class, Tdx.outcome(Lab.judge(platformIs(status), Lab.NOW, tolerant), TdxCheck.TCB));
        assertEquals("patient", waived.byPolicy());
        assertEquals(status + " is tolerated: We mitigate it.", waived.reason());
        for (String other : List.of("SWHardeningNeeded", "OutOfDate", "OutOfDateConfigurationNeeded")) {
            if (!other.equals(status)) {
                Authentication found = Lab.judge(platformIs(other), Lab.NOW, tolerant);
                assertEquals("failed", Tdx.outcome(found, TdxCheck.TCB).word());
                // A platform that is behind is genuine all the same: it is for policy to say what that is worth.
                assertEquals(Authenticity.GENUINE, found.authenticity());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tolerable")
    void toleratingAnythingDoesNotTolerateRevocation(String tolerated) {
        var tolerant = new Tolerances("patient", Duration.ZERO, Map.of(), Map.of(tolerated, "It is fine."));
        assertEquals(
                "failed",
                Tdx.outcome(Lab.judge(platformIs("Revoked"), Lab.NOW, tolerant), TdxCheck.TCB)
                        .word());
    }

    private static Authentication bringing(int number, Optional<String> seen) {
        var slots = Lab.slots();
        slots.put(
                "intel.tcb_info",
                List.of(Bytes.utf8(Lab.INTEL
                        .tcbInfo(TeeType.TDX)
                        .with(info -> info.put("tcbEvaluationDataNumber", number))
                        .json())));
        var brought = Endorsements.brought(slots);
        return Lab.judge(
                seen.map(text -> brought.with(Map.of(Lab.SEEN, new Availability.InHand(Bytes.utf8(text)))))
                        .orElse(brought),
                Lab.NOW,
                Lab.STRICT);
    }

    @ParameterizedTest
    @CsvSource({"18, 19, true", "19, 19, false", "20, 19, false", "1, 2147483647, true", "19, none, false"})
    void tcbInfoOfAnOlderEvaluationThanTheNewestFetchedOneIsAClaim(int brought, String seen, boolean outdated) {
        Authentication found = bringing(brought, seen.equals("none") ? Optional.empty() : Optional.of(seen));
        var claims = found.claims().orElseThrow();
        assertEquals(Optional.of(outdated), claims.find("tdx.tcb_evaluation_outdated"));
        assertEquals(
                outdated ? Optional.of((long) brought) : Optional.empty(),
                claims.find("tdx.tcb_evaluation_rollback.brought"));
        assertEquals(
                outdated ? Optional.of(Long.parseLong(seen)) : Optional.empty(),
                claims.find("tdx.tcb_evaluation_rollback.fetched"));
        assertEquals(Optional.of((long) brought), claims.find("tdx.tcb_evaluation_data_number"));
        // It is policy that decides about it.
        assertEquals(Authenticity.GENUINE, found.authenticity());
        assertEquals("passed", Tdx.outcome(found, TdxCheck.TCB).word());
    }

    @Test
    void withoutTcbInfoThereIsNothingToCompare() {
        var none = Lab.gathered(Map.of(
                Lab.TCB_INFO,
                new Availability.Missing("offline", Outcome.Cause.NOT_IN_HAND),
                Lab.SEEN,
                new Availability.InHand(Bytes.utf8("19"))));
        var claims = Lab.judge(none).claims().orElseThrow();
        assertEquals(Optional.empty(), claims.find("tdx.tcb_evaluation_outdated"));
        assertEquals(Optional.empty(), claims.find("tdx.tcb_evaluation_rollback.brought"));
    }
}
