package io.countersign.verifier.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustTierTest {
    @ParameterizedTest
    @CsvSource({
        "-128, CONTRAINDICATED",
        "-97, CONTRAINDICATED",
        "-96, WARNING",
        "-33, WARNING",
        "-32, AFFIRMING",
        "-2, AFFIRMING",
        "-1, NONE",
        "0, NONE",
        "1, NONE",
        "2, AFFIRMING",
        "31, AFFIRMING",
        "32, WARNING",
        "95, WARNING",
        "96, CONTRAINDICATED",
        "127, CONTRAINDICATED"
    })
    void everyEdgeOfTheAr4siRangesFallsIntoItsTier(int value, TrustTier tier) {
        assertEquals(tier, TrustTier.ofValue(value));
    }

    @Test
    void theWorstOfNothingIsNone() {
        assertEquals(TrustTier.NONE, TrustTier.worst(List.of()));
        assertEquals(TrustTier.NONE, new TrustworthinessVector(Map.of()).tier());
    }

    @Test
    void whatCouldNotBeEvaluatedIsNeverBetterThanAWarning() {
        assertEquals(TrustTier.NONE, TrustTier.worst(List.of(TrustTier.AFFIRMING, TrustTier.NONE, TrustTier.WARNING)));
        assertEquals(TrustTier.CONTRAINDICATED, TrustTier.worst(List.of(TrustTier.NONE, TrustTier.CONTRAINDICATED)));
    }

    @ParameterizedTest
    @CsvSource({"-1", "0", "1"})
    void oneClaimThatWasNotEvaluatedKeepsAVectorFromAffirming(int value) {
        var vector = new TrustworthinessVector(
                Map.of(TrustworthinessClaim.HARDWARE, 2, TrustworthinessClaim.EXECUTABLES, value));
        assertEquals(TrustTier.NONE, vector.tier());
    }

    @ParameterizedTest
    @CsvSource({"-129", "128", "256"})
    void valuesThatDoNotFitEightBitsAreRefused(int value) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new TrustworthinessVector(Map.of(TrustworthinessClaim.HARDWARE, value)));
    }
}
