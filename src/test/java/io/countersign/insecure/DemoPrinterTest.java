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

    @Test
    void devicesAreATableAndARuleThatAllMeetIsOneLine() throws JsonProcessingException {
        printer.verdict(machine(), DemoPrinter.Detail.DEVICES);
        assertEquals("""
                HTTP 403: contraindicated
                  + composite.topology: alone
                cpu0: genuine, affirming
                  + 1 passed
                GPUs:
                          model  mode  CPR  measurements  revocation  verdict, checks
                  + gpu0  H100   ?     -    match         ?           genuine, affirming; 1 passed
                  x gpu1  H100   ?     -    differ at 9   ?           genuine, contraindicated; 1 failed
                  x gpu1 gpu.measurements
                      expected: golden
                      found:    other
                rules:
                  + gpu0-1 GPU is an H100: others are not meant
                  x gpu1 GPU runs what NVIDIA released
                  + 1 passed
                """, text());
    }

    @Test
    void whatCouldNotBeReachedIsCountedWithWhatStoodInItsWay() throws JsonProcessingException {
        var body = new ObjectMapper().readTree("""
                {"status": "none", "rules": [{"name": "a", "outcome": "not-reached", "blocked_by": "snp.binding"},
                  {"name": "b", "outcome": "not-reached", "blocked_by": "snp.binding"}]}
                """);
        printer.verdict(new DemoService.Answer(403, body), DemoPrinter.Detail.WHAT_STANDS_IN_THE_WAY);
        assertTrue(text().endsWith("  ? 2 not reached, because of snp.binding\n"));
    }

    @Test
    void aTokenOfAMachineShowsWhatItSaysAboutItsDevices() {
        String claims = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        "{\"countersign_debug\":false,\"countersign_gpu_count\":8}".getBytes(StandardCharsets.UTF_8));
        printer.token("eyJ." + claims + ".c2ln", DemoPrinter.Detail.DEVICES);
        assertTrue(text().endsWith("what it says, among other things:\n  countersign_gpu_count=8\n"));
    }

    @Test
    void longHintsAreWrappedBetweenWords() throws JsonProcessingException {
        var body = new ObjectMapper()
                .readTree(REFUSAL.replace("Launch it without DEBUG.", "Launch it ".repeat(12) + "without DEBUG."));
        printer.verdict(new DemoService.Answer(403, body), DemoPrinter.Detail.WHAT_STANDS_IN_THE_WAY);
        assertTrue(text().endsWith("Launch it\n                Launch it Launch it without DEBUG.\n"), text());
    }

    private static DemoService.Answer machine() throws JsonProcessingException {
        return new DemoService.Answer(403, new ObjectMapper().readTree("""
                {"status": "contraindicated",
                 "checks": [{"code": "composite.topology", "outcome": "passed", "because": "alone"}],
                 "submods": {
                   "cpu0": {"authenticity": "genuine", "status": "affirming", "checks": [
                     {"code": "snp.format", "outcome": "passed"}]},
                   "gpu0": {"authenticity": "genuine", "status": "affirming", "checks": [
                     {"code": "gpu.measurements", "outcome": "passed"}],
                     "claims": {"product": "H100", "measurements_match": true}},
                   "gpu1": {"authenticity": "genuine", "status": "contraindicated", "checks": [
                     {"code": "gpu.measurements", "outcome": "failed", "expected": "golden", "actual": "other"}],
                     "claims": {"product": "H100", "measurements_match": false, "mismatched_indexes": [9]}}},
                 "rules": [
                   {"name": "guest cannot be debugged", "outcome": "passed", "submodule": "cpu0"},
                   {"name": "GPU is an H100", "outcome": "passed", "submodule": "gpu0", "because": "others are not meant"},
                   {"name": "GPU is an H100", "outcome": "passed", "submodule": "gpu1", "because": "others are not meant"},
                   {"name": "GPU runs what NVIDIA released", "outcome": "failed", "submodule": "gpu1"}]}
                """));
    }

    private static DemoService.Answer refusal() throws JsonProcessingException {
        return new DemoService.Answer(403, new ObjectMapper().readTree(REFUSAL));
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
