package io.countersign.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TerminalTest {
    private static String printed(RuleText.Colours colours, String hostile) {
        var bytes = new ByteArrayOutputStream();
        var terminal = new Terminal(new PrintStream(bytes, true, StandardCharsets.UTF_8), colours);
        terminal.line(terminal.in(Terminal.Tone.GOOD, "case " + hostile));
        return bytes.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    @Test
    void noTerminalObeysWhatStandsInFiles() {
        String hostile = "\u001b[2J\u001b]0;x\u0007\r\u202eevil";
        assertEquals("case ?[2J?]0;x???evil", printed(RuleText.Colours.OFF, hostile));
        assertEquals("\u001b[32mcase ?[2J?]0;x???evil\u001b[0m", printed(RuleText.Colours.ON, hostile));
        assertEquals("case ?[32mgreen", printed(RuleText.Colours.OFF, "\u001b[32mgreen"));
    }
}
