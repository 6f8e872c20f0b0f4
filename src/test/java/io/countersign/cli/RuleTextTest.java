package io.countersign.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.result.AdvisoryResult;
import io.countersign.verifier.result.CompositeCheck;
import io.countersign.verifier.result.RuleResult;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RuleTextTest {
    private static final String BECAUSE =
            "A host that may debug a guest can read and change its memory, and the measurement stays the same.";

    private static String shown(Outcome outcome) {
        return shown(outcome, RuleText.Colours.OFF);
    }

    private static String shown(Outcome outcome, RuleText.Colours colours) {
        var rule = new RuleResult("guest cannot be debugged", "cpu0", outcome, BECAUSE, "baseline", Map.of());
        return String.join("\n", new RuleText(colours).lines(rule)) + "\n";
    }

    @Test
    void ruleThatIsMetTakesOneLine() {
        assertEquals("+ guest cannot be debugged  (cpu0)\n", shown(new Outcome.Passed(BECAUSE)));
    }

    @Test
    void ruleThatFailedSaysWhyWhatWasFoundAndWhatToDo() {
        var failed = new Outcome.Failed(
                "cpu.debug is false",
                "cpu.debug = true",
                "Launch the guest with the DEBUG bit of its policy (SEV-SNP) or of its attributes (TDX, SGX) clear.");
        assertEquals("""
                x guest cannot be debugged  (cpu0)
                    A host that may debug a guest can read and change its memory, and the measurement stays the
                    same.
                    expected  cpu.debug is false
                    found     cpu.debug = true
                    do        Launch the guest with the DEBUG bit of its policy (SEV-SNP) or of its attributes (TDX,
                              SGX) clear.
                    policy    baseline
                """, shown(failed));
    }

    @Test
    void ruleThatIsUndeterminedSaysWhatIsMissing() {
        String text = shown(new Outcome.Undetermined("the claim cpu.debug", Outcome.Cause.NOT_ASKED, "Send it."));
        assertTrue(text.startsWith("? guest cannot be debugged"));
        assertTrue(text.contains("    missing   the claim cpu.debug\n    do        Send it.\n"), text);
    }

    @Test
    void ruleThatWasNotReachedNamesTheCheck() {
        assertTrue(shown(new Outcome.NotReached(CompositeCheck.BINDING))
                .contains("blocked   the check composite.binding"));
    }

    @Test
    void coloursAreOnTheMarkAlone() {
        String plain = shown(new Outcome.Passed(BECAUSE));
        String coloured = shown(new Outcome.Passed(BECAUSE), RuleText.Colours.ON);
        assertEquals("\u001b[32m+\u001b[0m" + plain.substring(1), coloured);
    }

    @Test
    void whatEvidenceSaysCannotSteerTheTerminal() {
        String text = shown(new Outcome.Failed("cpu.a == \"b\"", "cpu.a = \u001b[2J\r\u202Eevil\nline", "None."));
        assertFalse(text.contains("\u001b") || text.contains("\r") || text.contains("\u202E"));
        assertTrue(text.contains("evil line"), text);
    }

    @Test
    void aValueLongerThanALineStaysWhole() {
        String value = "5f".repeat(96);
        assertTrue(shown(new Outcome.Failed("cpu.a == \"b\"", "cpu.a = " + value, "None."))
                .contains(value + "\n"));
    }

    @Test
    void advisorySaysWhatToKnowAndWhatToDo() {
        var advisory = new AdvisoryResult("keys may leak", "cpu0", "Some machines leak keys.", "Read it.", "baseline");
        assertEquals(
                "! keys may leak  (cpu0)\n    Some machines leak keys.\n    do        Read it.",
                String.join("\n", new RuleText(RuleText.Colours.OFF).lines(advisory)));
    }
}
