package io.countersign.cli;

import static io.countersign.cli.CommandLineBench.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.cli.CommandLineBench.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MainTest {
    private static final List<List<String>> COMMANDS = List.of(
            List.of("policy", "lint"),
            List.of("policy", "test"),
            List.of("policy", "explain"),
            List.of("policy", "diff"),
            List.of("policy", "replay"),
            List.of("policy", "example"),
            List.of("values", "import"),
            List.of("keys", "list"),
            List.of("keys", "rotate"),
            List.of("keys", "withdraw"),
            List.of("keys", "prune"),
            List.of("early-warning"));

    @TempDir
    private Path folder = Path.of("");

    static List<List<String>> commands() {
        return COMMANDS;
    }

    private static Ran with(List<String> command, String... more) {
        return run(Stream.concat(command.stream(), Stream.of(more)).toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasHelpOnStandardOutput(List<String> command) {
        Ran ran = with(command, "--help").ends(Main.FINE);
        assertTrue(ran.out().startsWith("Usage: countersign " + String.join(" ", command)), ran.out());
        assertEquals("", ran.err());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandRefusesAnOptionThatItDoesNotHave(List<String> command) {
        Ran ran = with(command, "--frobnicate").ends(Main.USAGE);
        assertEquals("", ran.out());
        assertTrue(ran.err().startsWith("countersign: "), ran.err());
        assertTrue(ran.err().contains("--help\" says more"), ran.err());
    }

    @Test
    void commandsAloneShowWhatThereIs() {
        for (String[] command : new String[][] {{}, {"policy"}, {"values"}, {"keys"}}) {
            Ran ran = run(command).ends(Main.USAGE);
            assertEquals("", ran.out());
            assertTrue(ran.err().startsWith("Usage: countersign"), ran.err());
        }
    }

    @Test
    void unknownCommandIsToldWithThoseThatThereAre() {
        assertEquals(
                "countersign: there is no command \"frobnicate\"; there are lint, test, explain, diff, replay, example, help\n\"countersign policy --help\" says more\n",
                run("policy", "frobnicate").ends(Main.USAGE).err());
    }

    @Test
    void versionIsSaid() {
        assertTrue(run("--version").ends(Main.FINE).out().startsWith("countersign "));
        assertTrue(run("policy", "lint", "--version").ends(Main.FINE).out().startsWith("countersign "));
    }

    @Test
    void aTimeThatIsNoneIsToldInWords() {
        Ran ran = run("policy", "lint", "baseline", "--at", "yesterday").ends(Main.USAGE);
        assertTrue(
                ran.err()
                        .startsWith(
                                "countersign: Invalid value for option '--at': \"yesterday\" is no time; write 2026-11-23T09:00:00Z or 2026-11-23\n"),
                ran.err());
        run("policy", "lint", "cpu-only", "--at", "2026-06-01").ends(Main.FINE);
    }

    @Test
    void wordsThatAreExpectedAreTold() {
        assertTrue(run("policy", "diff", "baseline", "cpu-only", "--fail-on", "foo")
                .ends(Main.USAGE)
                .err()
                .contains("\"foo\" is none of looser, any"));
        assertTrue(run("values", "import", "foo", "x", "--id", "a")
                .ends(Main.USAGE)
                .err()
                .contains("\"foo\" is none of snp, tdx, nvidia-rims, corim"));
        assertTrue(run("values", "import", "snp", "x", "--id", "a", "--claim", "b")
                .ends(Main.USAGE)
                .err()
                .contains("\"b\" is none of launch_measurement, snp.measurement"));
    }

    @Test
    void whatCannotBeAPathIsNoStackTrace() {
        for (String[] command : new String[][] {
            {"policy", "lint", "a\0b"},
            {"policy", "explain", "baseline", "--case", "a\0b"},
            {"policy", "replay", "baseline", "--against", "baseline", "--cases", "a\0b"},
            {"policy", "example", "development", "a\0b"},
            {"values", "import", "snp", "a\0b", "--id", "a"},
            {"policy", "lint", "baseline", "--laboratory", "a\0b"}
        }) {
            Ran ran = run(command).ends(Main.USAGE);
            assertTrue(ran.err().contains("is no path"), ran.err());
            assertFalse(ran.err().contains("\0") || ran.err().contains("\tat "), ran.err());
        }
    }

    @Test
    void filesThatAreNotThereAreToldByName() {
        String missing = folder.resolve("missing").toString();
        for (String[] command : new String[][] {
            {"policy", "lint", missing},
            {"policy", "test", missing},
            {"policy", "explain", missing},
            {"policy", "explain", "baseline", "--case", missing},
            {"policy", "diff", "baseline", missing},
            {"policy", "replay", "baseline", "--against", "baseline", "--cases", missing},
            {"policy", "lint", "baseline", "--laboratory", missing},
            {"values", "import", "snp", missing, "--id", "a"},
            {"values", "import", "nvidia-rims", missing, "--id", "a"}
        }) {
            Ran ran = run(command).ends(Main.USAGE);
            assertEquals("", ran.out());
            assertEquals(1, ran.err().lines().count(), ran.err());
            assertTrue(ran.err().contains(missing), ran.err());
            assertFalse(ran.err().contains("Exception"), ran.err());
        }
    }

    @Test
    void foldersInTheWrongPlaceAreTold() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        String name = empty.toString();
        assertTrue(run("policy", "lint", name).ends(Main.USAGE).err().contains("holds no file that ends in .yaml"));
        assertTrue(run("policy", "explain", "baseline", "--case", name)
                .ends(Main.USAGE)
                .err()
                .contains("cannot be read: it is a folder"));
        assertTrue(run("values", "import", "snp", name, "--id", "a")
                .ends(Main.USAGE)
                .err()
                .contains("it is a folder"));
        Path file = Files.writeString(folder.resolve("file"), "");
        assertTrue(run("policy", "replay", "baseline", "--against", "baseline", "--cases", file.toString())
                .ends(Main.USAGE)
                .err()
                .contains("it is not a folder"));
    }

    @Test
    void textFromFilesSteersNoTerminal() {
        var bytes = new java.io.ByteArrayOutputStream();
        var out = new java.io.PrintStream(bytes, true, java.nio.charset.StandardCharsets.UTF_8);
        for (RuleText.Colours colours : RuleText.Colours.values()) {
            var terminal = new Terminal(out, colours);
            terminal.line("a\u001b[2Jb\u001b]0;x\u0007\r\u202E" + terminal.in(Terminal.Tone.BAD, "c\u001b[2Jd"));
        }
        String printed = bytes.toString(java.nio.charset.StandardCharsets.UTF_8);
        assertFalse(printed.contains("\u001b[2J") || printed.contains("\u001b]") || printed.contains("\r"), printed);
        assertFalse(printed.contains("\u202E"), printed);
        assertTrue(printed.contains("\u001b[31mc?[2Jd\u001b[0m"), printed);
    }
}
