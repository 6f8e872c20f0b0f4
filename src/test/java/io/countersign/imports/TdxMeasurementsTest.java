package io.countersign.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TdxMeasurementsTest {
    private static final String T = "a0".repeat(48);
    private static final String R0 = "b0".repeat(48);
    private static final String R1 = "b1".repeat(48);
    private static final String R2 = "b2".repeat(48);
    private static final String ZEROS = "00".repeat(48);

    private static Imported read(String text) throws ImportException {
        return TdxMeasurements.read("td", Bytes.utf8(text));
    }

    private static Map<String, List<String>> values(Imported imported) {
        return imported.sets().stream().collect(Collectors.toMap(ImportedSet::claim, set -> set.values().stream()
                .map(ImportedValue::value)
                .toList()));
    }

    private static String refusal(String text) {
        return String.valueOf(
                assertThrows(ImportException.class, () -> read(text)).getMessage());
    }

    static List<String> forms() {
        return List.of(
                "{\"mrtd\":\"%s\",\"rtmr0\":\"%s\",\"rtmr1\":\"%s\",\"rtmr2\":\"%s\",\"event_log\":[{\"imr\":0}]}",
                "{\"mr_td\":\"0x%s\",\"rtmr_0\":\"%s\",\"RTMR1\":\"%s\",\"tdx.rtmr2\":\"%s\",\"mr_aggregated\":\"00\"}",
                "{\"tdx\":[{\"MrTd\":\"%s\",\"Rtmrs\":[\"%s\",\"%s\",\"%s\",\"" + ZEROS + "\"]}]}",
                "Machine measurements:\nMRTD: %s\nRTMR0: %s\nRTMR1: %s\nRTMR2: %s\n",
                "# from the build\r\nMRTD = %s\r\nRTMR[0] = %s\r\nRTMR[1] = %s\r\nRTMR[2] = %s\r\nrtmr3=" + ZEROS,
                "- mr_td: \"%s\"\n  rtmr0: '%s'\n  rtmr1: %s\n  rtmr2: %s\n");
    }

    @ParameterizedTest
    @MethodSource("forms")
    void registersAreFoundInEveryForm(String form) throws ImportException {
        Imported imported = read(form.formatted(T, R0, R1, R2));
        assertEquals(
                Map.of("tdx.mr_td", List.of(T), "tdx.rtmr1", List.of(R1), "tdx.rtmr2", List.of(R2)), values(imported));
        assertTrue(
                imported.notes().contains("not imported, because nobody asked for them: RTMR0"),
                imported.notes().toString());
        assertFalse(
                imported.notes().toString().contains("combinations"),
                imported.notes().toString());
    }

    @Test
    void otherRegistersAreImportedWhenAskedFor() throws ImportException {
        Imported imported = TdxMeasurements.read(
                "td",
                Bytes.utf8("mrtd: %s\nrtmr0: %s\nmrseam: %s".formatted(T, R0, R1)),
                Set.of(TdxRegister.RTMR0, TdxRegister.MRSEAM));
        assertEquals(Map.of("tdx.rtmr0", List.of(R0), "tdx.mr_seam", List.of(R1)), values(imported));
    }

    @Test
    void severalImagesLoseTheirCombinationsAndTheFileSaysSo() throws ImportException {
        for (String text : List.of(
                "{\"old\":{\"mrtd\":\"%s\",\"rtmr1\":\"%s\"},\"new\":{\"mrtd\":\"%s\",\"rtmr1\":\"%s\"}}",
                "name: old\nMRTD: %s\nRTMR1: %s\nname: new\nMRTD: %s\nRTMR1: %s\n")) {
            Imported imported = read(text.formatted(T, R1, R0, R2));
            assertEquals(Map.of("tdx.mr_td", List.of(T, R0), "tdx.rtmr1", List.of(R1, R2)), values(imported));
            assertEquals(
                    List.of("old", "new"),
                    imported.sets().getFirst().values().stream()
                            .map(ImportedValue::note)
                            .toList());
            assertTrue(
                    imported.notes().stream()
                            .anyMatch(note -> note.startsWith("2 images were imported. Sets know no combinations")),
                    imported.notes().toString());
            String rules = String.join("\n", imported.rules());
            assertTrue(
                    rules.contains("(cpu.tdx.mr_td == \"%s\" && cpu.tdx.rtmr1 == \"%s\") ||".formatted(T, R1)), rules);
            assertTrue(rules.contains("(cpu.tdx.mr_td == \"%s\" && cpu.tdx.rtmr1 == \"%s\")".formatted(R0, R2)), rules);
            assertTrue(
                    imported.notes().stream()
                            .anyMatch(note -> note.startsWith("asked for, and not in the file: RTMR2")),
                    imported.notes().toString());
        }
    }

    @Test
    void registerThatStandsAgainBeginsTheNextImage() throws ImportException {
        Imported imported = read("mrtd: %s\nrtmr1: %s\nmrtd: %s\n".formatted(T, R1, R0));
        assertEquals(
                List.of("image 1", "image 2"),
                imported.sets().getFirst().values().stream()
                        .map(ImportedValue::note)
                        .toList());
        assertTrue(imported.notes().contains("image \"image 2\" has no RTMR1; other images do"));
    }

    @Test
    void manyImagesGetNoRuleThatWouldBeTooLong() throws ImportException {
        var text = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            text.append("mrtd: %096x%nrtmr1: %096x%n".formatted(i + 1, i + 100));
        }
        String rules = String.join("\n", read(text.toString()).rules());
        assertTrue(rules.contains("too long for one expression"), rules);
    }

    @Test
    void refusalsSayWhereAndWhatWasExpected() {
        assertTrue(refusal("mrtd: abc").startsWith("td, line 1: it has 3 hex digits"), refusal("mrtd: abc"));
        assertTrue(refusal("hello world").startsWith("td, line 1: \"hello world\" is no register and its value"));
        assertTrue(refusal("{\"x\":1}").contains("there is no register of a TD in it"));
        assertTrue(refusal("rtmr3: " + R0).contains("none of the registers that were asked for (MRTD, RTMR1, RTMR2)"));
        assertTrue(refusal("mrtd: " + ZEROS).contains("there is no register of a TD in it"));
        assertTrue(refusal("{\"mrtd\":5}").contains("$.mrtd: a register is text"));
        assertTrue(
                refusal("{\"mrtd\":\"%s\",\"mr_td\":\"%s\"}".formatted(T, R0)).contains("stands twice in one image"));
        assertTrue(refusal("{\"rtmrs\":[\"\",\"\",\"\",\"\",\"\"]}").contains("a TD has four RTMRs, not 5"));
    }
}
