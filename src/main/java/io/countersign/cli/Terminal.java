package io.countersign.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where the commands print: plain text, with colours for people only. */
public final class Terminal {
    /** In ASCII, which comes through whatever the locale makes of standard output. */
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static final char ESCAPE = 27;
    /** What {@link #in} writes. */
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[(?:0|1|2|31|32|33)m");
    /** Controls, and characters that change the direction of others; lines may end. */
    private static final Pattern OBEYED = Pattern.compile("[\\p{Cc}\\p{Cf}&&[^\n\t]]");

    private final PrintStream out;
    private final RuleText.Colours colours;

    /** What a piece of text means; its colour follows from it. */
    public enum Tone {
        GOOD("32"),
        BAD("31"),
        DOUBTFUL("33"),
        HEADING("1"),
        QUIET("2");

        private final String code;

        Tone(String code) {
            this.code = code;
        }
    }

    public Terminal(PrintStream out, RuleText.Colours colours) {
        this.out = out;
        this.colours = colours;
    }

    /** Colours only for people: not into pipes and files, and not where NO_COLOR asks for none. */
    static Terminal of(PrintStream out) {
        boolean person = System.getenv("NO_COLOR") == null
                && Optional.ofNullable(System.console())
                        .filter(Console::isTerminal)
                        .isPresent();
        return new Terminal(out, person ? RuleText.Colours.ON : RuleText.Colours.OFF);
    }

    /** The text in its tone. */
    public String in(Tone tone, String text) {
        String plain = withoutControls(text);
        return colours == RuleText.Colours.ON ? ESCAPE + "[" + tone.code + "m" + plain + ESCAPE + "[0m" : plain;
    }

    RuleText.Colours colours() {
        return colours;
    }

    /** Prints one line. Names and claims come from files that others wrote: no terminal obeys what stands in them. */
    public void line(String text) {
        var plain = new StringBuilder();
        var colour = COLOUR.matcher(text);
        int done = 0;
        while (colours == RuleText.Colours.ON && colour.find()) {
            plain.append(withoutControls(text.substring(done, colour.start()))).append(colour.group());
            done = colour.end();
        }
        out.println(plain.append(withoutControls(text.substring(done))));
    }

    private static String withoutControls(String text) {
        return OBEYED.matcher(text).replaceAll("?");
    }

    /** Text of several lines. */
    void text(String text) {
        indented(0, text);
    }

    /** Text that is broken between words where a line would be too long. */
    void wrapped(int blanks, String text) {
        RuleText.wrapped(" ".repeat(blanks), text).forEach(this::line);
    }

    /** Text of several lines, each indented by so many blanks. */
    void indented(int blanks, String text) {
        text.lines().forEach(line -> line(line.isEmpty() ? "" : " ".repeat(blanks) + line));
    }

    void json(Object document) {
        try {
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("our own document is no JSON", e);
        }
    }
}
