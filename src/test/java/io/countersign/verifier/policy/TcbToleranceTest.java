package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.verifier.trust.Tolerances;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code tolerate.tcb-status}: a policy names a status that Intel does not call up to date, and says why it will do. */
class TcbToleranceTest {
    @SuppressWarnings("unused") // read by name
    private static final List<String> TOLERABLE = Tolerances.TOLERABLE_TCB_STATUSES;

    private static String tolerating(String items) {
        return Bench.policyWith("!cpu.debug", "tolerate: { tcb-status: [" + items + "] }");
    }

    private static String item(String status, String because) {
        return "{ status: '" + status + "', because: '" + because + "' }";
    }

    private static String refusal(String items) {
        PolicyReading reading = Bench.PARSER.parse(tolerating(items), PolicyParser.Library.empty());
        assertInstanceOf(PolicyReading.Refused.class, reading);
        return reading.rendered();
    }

    @ParameterizedTest
    @FieldSource("TOLERABLE")
    void statusIsToleratedForTheReasonGiven(String status) {
        Tolerances tolerances =
                Bench.accepted(tolerating(item(status, "ticket 12"))).tolerances();
        assertEquals(Map.of(status, "ticket 12"), tolerances.tcbStatuses());
        assertEquals("small", tolerances.policy());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Revoked",
                "TCB_LEVEL_NOT_SUPPORTED",
                "TDX_MODULE_MISMATCH",
                "UpToDate",
                "",
                "outofdate",
                "OutOfDate ",
                "*"
            })
    void whatIntelRevokedOrDoesNotKnowIsNeverTolerated(String status) {
        String refusal = refusal(item(status, "r"));
        assertTrue(refusal.contains("cannot be tolerated") || refusal.contains("empty"), refusal);
    }

    @ParameterizedTest
    @CsvSource({"OutOfDat, OutOfDate", "SWHardeningNeded, SWHardeningNeeded", "TDRelaunchAdvise, TDRelaunchAdvised"})
    void misspeltStatusIsRefusedWithTheNearest(String status, String meant) {
        String refusal = refusal(item(status, "r"));
        assertTrue(refusal.contains(meant), refusal);
    }

    @Test
    void doubledStatusIsRefused() {
        String refusal = refusal(item("OutOfDate", "r") + ", " + item("OutOfDate", "another"));
        assertTrue(refusal.contains("tolerated twice"), refusal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ status: OutOfDate }",
                "{ because: r }",
                "{ status: OutOfDate, because: '' }",
                "{ status: OutOfDate, because: r, until: never }",
                "OutOfDate",
            })
    void reasonIsNeededAndNothingElse(String item) {
        refusal(item);
    }

    private static AppraisalPolicy parent(String id, String items) {
        return Bench.accepted(tolerating(items)
                .replace("policy: small", "policy: " + id)
                .replace("name: the rule", "name: rule of " + id));
    }

    private static AppraisalPolicy child(String parents, String more, AppraisalPolicy... library) {
        return Bench.accepted(
                "policy: child\nversion: '1'\nsummary: s\nextends: [%s]\n%s".formatted(parents, more), library);
    }

    @Test
    void toleranceIsDrawnInUnderTheNameOfThePolicyThatDrawsItIn() {
        Tolerances drawnIn =
                child("one", "", parent("one", item("OutOfDate", "r"))).tolerances();
        assertEquals(Map.of("OutOfDate", "r"), drawnIn.tcbStatuses());
        assertEquals("child", drawnIn.policy());
    }

    @Test
    void ofSeveralOnlyWhatAllTolerateIsDrawnIn() {
        AppraisalPolicy one = parent("one", item("OutOfDate", "r") + ", " + item("SWHardeningNeeded", "r"));
        AppraisalPolicy two = parent("two", item("SWHardeningNeeded", "s"));
        assertEquals(
                java.util.Set.of("SWHardeningNeeded"),
                child("one, two", "", one, two).tolerances().tcbStatuses().keySet());
    }

    @Test
    void whatTheFileItselfToleratesIsAddedWithItsOwnReason() {
        AppraisalPolicy one = parent("one", item("OutOfDate", "r"));
        String own = "tolerate: { tcb-status: [" + item("OutOfDate", "mine") + ", "
                + item("ConfigurationNeeded", "mine") + "] }\n";
        assertEquals(
                Map.of("OutOfDate", "mine", "ConfigurationNeeded", "mine"),
                child("one", own, one).tolerances().tcbStatuses());
    }

    @Test
    void digestCoversStatusAndReason() {
        var digests = new TreeSet<String>();
        for (String items :
                List.of(item("OutOfDate", "r"), item("OutOfDate", "s"), item("ConfigurationNeeded", "r"), "")) {
            digests.add(Bench.accepted(items.isEmpty() ? Bench.policyWith("!cpu.debug") : tolerating(items))
                    .identity()
                    .digestText());
        }
        assertEquals(4, digests.size());
        assertNotEquals(
                parent("one", item("OutOfDate", "r")).identity(),
                parent("one", item("OutOfDate", "s")).identity());
    }

    @Test
    void schemaForEditorsKnowsTheSameStatuses() throws IOException {
        try (var in = TcbToleranceTest.class.getResourceAsStream("/schemas/policy.json")) {
            var words = new TreeSet<String>();
            new ObjectMapper()
                    .readTree(in)
                    .at("/properties/tolerate/properties/tcb-status/items/properties/status/enum")
                    .forEach(word -> words.add(word.asText()));
            assertEquals(new TreeSet<>(Tolerances.TOLERABLE_TCB_STATUSES), words);
        }
    }
}
