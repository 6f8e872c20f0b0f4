package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever asks the program for help gets it, and nothing is built, started or installed. */
class HelpTest {
    @ParameterizedTest
    @ValueSource(strings = {"serve", "demo", "test", "tools", "image", "build", "bench"})
    void askingForHelpDoesNothingElse(String command) throws Exception {
        Programs.Ran ran = Programs.run(List.of("sh", "countersign", command, "--help"), Map.of(), Path.of("."));
        assertEquals(0, ran.exit(), ran.output());
        assertTrue(ran.output().startsWith("Usage: ./countersign <command>"), ran.output());
    }
}
