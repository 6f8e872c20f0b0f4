package io.countersign.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.chart.HelmChart.Rendering.Rendered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said after an installation. Helm renders NOTES.txt only then, so a copy of the chart renders it as a ConfigMap. */
class ChartNotesTest {
    @TempDir
    private Path copy = Path.of("");

    private String notes(ValueSet values) throws IOException {
        HelmChart.copyTo(copy);
        Files.copy(copy.resolve("templates/NOTES.txt"), copy.resolve("files/notes.txt"));
        Files.writeString(copy.resolve("templates/notes.yaml"), """
                apiVersion: v1
                kind: ConfigMap
                metadata: { name: notes }
                data:
                  notes: |
                {{ tpl (.Files.Get "files/notes.txt") . | indent 4 }}
                """);
        String text = assertInstanceOf(Rendered.class, HelmChart.tryToRender(copy, values.text()))
                .text();
        return Manifests.read(text).stream()
                .map(each -> each.written())
                .filter(each -> each.at("/metadata/name").asText().equals("notes"))
                .findFirst()
                .orElseThrow()
                .at("/data/notes")
                .asText();
    }

    @ParameterizedTest
    @EnumSource
    void sayWhatToWaitForAndNothingEmpty(ValueSet values) throws IOException {
        String notes = notes(values);
        var workload = Release.of(values).workload();
        assertTrue(
                notes.contains("rollout status %s/%s"
                        .formatted(
                                workload.getKind().toLowerCase(java.util.Locale.ROOT),
                                workload.getMetadata().getName())),
                notes);
        assertFalse(notes.contains("no value"), notes);
        assertFalse(notes.contains("\n\n\n"), notes);
        assertEquals(values == ValueSet.LABORATORY, notes.contains("INSECURE"));
    }

    @Test
    void sayWhatIsMissing() throws IOException {
        String notes = notes(ValueSet.LEAST);
        for (String word : new String[] {
            "No audiences are registered", "No policies of yours", "lets nobody in", "one replica is all there may be"
        }) {
            assertTrue(notes.contains(word), () -> word + " is not in " + notes);
        }
    }

    @Test
    void doNotSayWhatIsThere() throws IOException {
        String notes = notes(ValueSet.EVERYTHING);
        for (String word : new String[] {"No audiences", "No policies", "lets nobody in", "one replica is all"}) {
            assertFalse(notes.contains(word), notes);
        }
    }
}
