package io.countersign.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

class ValuesFileTextTest {
    static final ValuesFileText.Heading HEADING = new ValuesFileText.Heading(
            "payment-images",
            "2026-11-23",
            "What may run",
            LocalDate.of(2026, 11, 23),
            "countersign values import snp");

    /** The text as a YAML reader of the same schema as the policy language's sees it. */
    static Map<?, ?> yaml(String text) {
        var load = new Load(LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setAllowDuplicateKeys(false)
                .build());
        return (Map<?, ?>) load.loadFromString(text);
    }

    static Map<?, ?> set(Map<?, ?> file, String name) {
        return (Map<?, ?>) inside(inside(file, "references"), name);
    }

    private static Map<?, ?> inside(Map<?, ?> map, String name) {
        return (Map<?, ?>) Objects.requireNonNull(map.get(name), name);
    }

    private static Imported imported(List<ImportedValue> values, List<String> notes) {
        return new Imported(
                new Source("list.txt", Bytes.zeros(32)),
                List.of(new ImportedSet(
                        "approved_images",
                        "launch_measurement",
                        "Images",
                        "security@example.com",
                        Optional.of(Instant.parse("2027-06-01T00:00:00Z")),
                        values)),
                notes,
                List.of("require: cpu.launch_measurement in references.approved_images"));
    }

    @Test
    void fileIsWrittenAsPeopleWouldWriteIt() throws ImportException {
        String digest = "5f".repeat(48);
        String text = ValuesFileText.write(
                HEADING,
                imported(
                        List.of(new ImportedValue(digest, "image 2026.11"), new ImportedValue("0a".repeat(48), "")),
                        List.of("line 2 was in base64 and is written in hex")));
        assertEquals("""
                # Imported from list.txt (sha256:%s) on 2026-11-23 by
                # countersign values import snp
                #
                # - line 2 was in base64 and is written in hex
                #
                # require: cpu.launch_measurement in references.approved_images
                values: "payment-images"
                version: "2026-11-23"
                summary: "What may run"
                references:
                  approved_images:
                    claim: "launch_measurement"
                    note: "Images"
                    owner: "security@example.com"
                    expires: 2027-06-01T00:00:00Z
                    values:
                      - value: %s
                        note: "image 2026.11"
                      - %s
                """.formatted("00".repeat(32), digest, "0a".repeat(48)), text);
    }

    @Test
    void hostileTextStaysText() throws ImportException {
        for (String hostile : List.of(
                "\"\nvalues: evil",
                "\\\"\\",
                "a: b # c",
                "- x\r\n- y",
                "\u0085next\u2028line\u2029",
                "&a *a !!x %TAG",
                "\u0000\u0007\u001b[31m",
                "\ud800 half",
                "\u202egnp.exe",
                "x".repeat(100_000))) {
            String text = ValuesFileText.write(
                    new ValuesFileText.Heading("a", hostile, hostile, LocalDate.EPOCH, hostile),
                    new Imported(
                            new Source(hostile, Bytes.zeros(32)),
                            List.of(new ImportedSet(
                                    "s",
                                    "driver_version",
                                    hostile,
                                    hostile,
                                    Optional.empty(),
                                    List.of(new ImportedValue("550.90.07", hostile)))),
                            List.of(hostile),
                            List.of(hostile)));
            Map<?, ?> file = yaml(text);
            assertEquals(4, file.size(), text);
            assertEquals("a", file.get("values"));
            Map<?, ?> set = set(file, "s");
            assertEquals("driver_version", set.get("claim"));
            Map<?, ?> value = (Map<?, ?>)
                    Objects.requireNonNull((List<?>) set.get("values")).getFirst();
            assertEquals("550.90.07", value.get("value"));
            assertEquals(
                    Printable.line(hostile.strip(), ImportedValue.MAX_NOTE).strip(),
                    (value.containsKey("note") ? String.valueOf(value.get("note")) : "").strip());
            assertTrue(text.codePoints().allMatch(each -> each == '\n' || Printable.isPlain(each)), text);
        }
    }

    @Test
    void hexThatLooksLikeANumberStaysText() throws ImportException {
        for (String hex : List.of("12".repeat(48), "1" + "0".repeat(46) + "e" + "1".repeat(48), "0".repeat(95) + "1")) {
            Map<?, ?> file =
                    yaml(ValuesFileText.write(HEADING, imported(List.of(new ImportedValue(hex, "")), List.of())));
            assertEquals(List.of(hex), set(file, "approved_images").get("values"));
        }
    }

    @Test
    void moreThanAPolicyReaderTakesIsRefused() {
        List<ImportedValue> many = IntStream.range(0, 700)
                .mapToObj(i -> new ImportedValue("%096x".formatted(i + 1), ""))
                .toList();
        String why = String.valueOf(
                assertThrows(ImportException.class, () -> ValuesFileText.write(HEADING, imported(many, List.of())))
                        .getMessage());
        assertTrue(why.contains("its 700 values make a values file of"), why);
        assertTrue(why.contains("split it into several files"), why);
    }

    @Test
    void idsOfValuesFilesAreThoseOfPolicies() {
        for (String id : List.of("", "A", "1a", "a b", "a".repeat(65))) {
            var heading = new ValuesFileText.Heading(id, "1", "s", LocalDate.EPOCH, "c");
            assertThrows(
                    ImportException.class,
                    () -> ValuesFileText.write(heading, imported(List.of(new ImportedValue("ab", "")), List.of())));
        }
    }

    @Test
    void importerAnswersButNeverMakesValuesLastLonger() {
        Imported imported = imported(List.of(new ImportedValue("ab", "")), List.of());
        Instant sooner = Instant.parse("2027-01-01T00:00:00Z");
        Instant later = Instant.parse("2028-01-01T00:00:00Z");
        ImportedSet short1 = imported.answered(new Answer(Optional.of("n"), Optional.of("o"), Optional.of(sooner)))
                .sets()
                .getFirst();
        assertEquals("n", short1.note());
        assertEquals("o", short1.owner());
        assertEquals(Optional.of(sooner), short1.expires());
        assertEquals(
                Optional.of(Instant.parse("2027-06-01T00:00:00Z")),
                imported.answered(new Answer(Optional.empty(), Optional.empty(), Optional.of(later)))
                        .sets()
                        .getFirst()
                        .expires());
    }
}
