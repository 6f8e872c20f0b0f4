package io.countersign.insecure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class DemoPrinterTest {
    private static final String REFUSAL = """
            {"code": "appraisal-refused", "status": 403, "detail": "The policy demo is not met.",
             "checks": [{"code": "composite.topology", "outcome": "passed", "because": "one device"}],
             "submods": {"cpu0": {"authenticity": "genuine", "status": "contraindicated", "checks": [
               {"code": "snp.format", "outcome": "passed", "because": "reserved is zero"},
               {"code": "snp.revocation", "outcome": "undetermined", "missing": "a list", "hint": "bring one"}]}},
             "rules": [{"name": "guest cannot be debugged", "outcome": "failed",
               "expected": "!cpu.debug", "actual": "true", "hint": "Launch it without DEBUG."}]}
            """;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final DemoPrinter printer = new DemoPrinter(new PrintStream(printed, true, StandardCharsets.UTF_8), false);

    @Test
    void aRefusalShowsWhatWasExpectedWhatWasFoundAndWhatToDo() throws JsonProcessingException {
        printer.verdict(refusal(), DemoPrinter.Detail.WHAT_STANDS_IN_THE_WAY);
        assertEquals("""
                HTTP 403: appraisal-refused. The policy demo is not met.
                  + 1 passed
                cpu0: genuine, contraindicated
                  ? snp.revocation: a list
                      hint:     bring one
                  + 1 passed
                  x guest cannot be debugged
                      expected: !cpu.debug
                      found:    true
                      hint:     Launch it without DEBUG.
                """, text());
    }

    @Test
    void everyCheckIsShownWithItsReasonWhenAskedFor() throws JsonProcessingException {
        printer.verdict(refusal(), DemoPrinter.Detail.EVERYTHING);
        assertTrue(text().contains("  + snp.format: reserved is zero\n"));
        assertTrue(text().contains("  + composite.topology: one device\n"));
    }

    @Test
    void nothingButTextIsPrintedWhereNobodySeesColours() throws JsonProcessingException {
        printer.heading("A heading");
        printer.verdict(refusal(), DemoPrinter.Detail.EVERYTHING);
        assertFalse(text().contains("\u001b"));
    }

    @Test
    void aTokenIsShownWithItsClaims() {
        String claims = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"iss\":\"here\",\"exp\":7}".getBytes(StandardCharsets.UTF_8));
        printer.token("eyJ." + claims + ".c2ln", DemoPrinter.Detail.EVERYTHING);
        assertTrue(text().endsWith("  iss=here  exp=7\n"));
    }

    @Test
    void aTokenInShortShowsWhatTellsItFromOthers() {
        String claims = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"iss\":\"here\",\"countersign_tee\":\"tdx\"}".getBytes(StandardCharsets.UTF_8));
        String token = "eyJ." + claims + "." + "c2ln".repeat(40);
        printer.token(token, DemoPrinter.Detail.CHECKS);
        assertFalse(text().contains(token));
        assertTrue(text().endsWith("what it says:\n  countersign_tee=tdx\n"));
    }

    @Test
    void checksAloneLeaveTheRulesThatAreMetOut() throws JsonProcessingException {
        printer.verdict(refusal(), DemoPrinter.Detail.CHECKS);
        assertTrue(text().contains("  + snp.format: reserved is zero\n"));
        assertTrue(text().contains("  x guest cannot be debugged\n"));
        assertFalse(text().contains("one device"));
    }

    @Test
    void aTokenThatIsNoneAndAnAnswerWithoutMembersAreNoReasonToStop() {
        printer.token("no token", DemoPrinter.Detail.EVERYTHING);
        printer.token("a.!.c", DemoPrinter.Detail.CHECKS);
        printer.verdict(
                new DemoService.Answer(502, JsonNodeFactory.instance.objectNode()), DemoPrinter.Detail.EVERYTHING);
        assertTrue(text().endsWith("HTTP 502: no status\n"));
    }

    private static DemoService.Answer refusal() throws JsonProcessingException {
        return new DemoService.Answer(403, new ObjectMapper().readTree(REFUSAL));
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
