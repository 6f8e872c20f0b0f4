package io.countersign.cli;

import static io.countersign.cli.CommandLineBench.assertGolden;
import static io.countersign.cli.CommandLineBench.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.cli.CommandLineBench.Ran;
import io.countersign.service.audit.Entry;
import io.countersign.service.audit.Journal;
import io.countersign.service.audit.JournalObserver;
import io.countersign.service.audit.Kind;
import io.countersign.service.audit.LogFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit log by command, without a service. */
class AuditCommandTest {
    private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void writeALog() {
        try (var journal = new Journal(
                LogFolder.open(folder, 1200),
                8,
                Duration.ofSeconds(20),
                InstantSource.fixed(NOW),
                JournalObserver.NONE)) {
            journal.write(new Entry(NOW, Kind.START, Map.of("version", "1")));
            journal.write(decision("kms", "ok", Map.of()));
            journal.write(decision("", "appraisal-refused", Map.of("failed", List.of("snp.vek-chain"))));
            journal.write(decision("", "nonce-used", Map.of()));
            journal.write(new Entry(NOW.plusSeconds(3600), Kind.STOP, Map.of()));
        }
    }

    private static Entry decision(String caller, String outcome, Map<String, Object> checks) {
        var members = new LinkedHashMap<String, Object>();
        members.put("request", "gateway-7");
        members.put("caller", caller);
        members.put("audience", "https://kms.example");
        members.put("policy", new LinkedHashMap<>(Map.of("id", "pinned")));
        if (!checks.isEmpty()) {
            members.put("submods", Map.of("cpu0", Map.of("checks", checks)));
        }
        members.put("outcome", outcome);
        return new Entry(NOW, Kind.ATTESTATION, members);
    }

    private Ran audit(String... words) {
        var command = new java.util.ArrayList<>(List.of("audit"));
        command.addAll(List.of(words));
        command.add(folder.toString());
        return run(command.toArray(String[]::new));
    }

    private String steady(String text) {
        return text.replace(folder.toString(), "<folder>");
    }

    @Test
    void aLogAsItWasWrittenIsFine() throws IOException {
        Ran ran = audit("verify").ends(Main.FINE);
        assertGolden("audit-verify", steady(ran.out()));
        String head =
                audit("verify", "--json").ends(Main.FINE).json().get("head").asText();
        assertTrue(audit("verify", "--head", head).ends(Main.FINE).out().contains("that of line"));
    }

    @Test
    void aChangedLineIsSaidWithItsPlace() throws IOException {
        Path first = folder.resolve("audit-000001.jsonl");
        Files.writeString(first, Files.readString(first).replace("\"kms\"", "\"kmz\""));
        Ran ran = audit("verify").ends(Main.FOUND);
        assertGolden("audit-verify-changed", steady(ran.out()));
        assertEquals(
                3,
                audit("verify", "--json")
                        .ends(Main.FOUND)
                        .json()
                        .at("/broken/line")
                        .asInt());
    }

    @Test
    void anEndThatIsMissingIsFoundWithAHashFromOutside() throws IOException {
        String head = audit("verify", "--json").json().get("head").asText();
        Path last = folder.resolve("audit-000003.jsonl");
        List<String> lines = Files.readAllLines(last);
        Files.writeString(last, String.join("\n", lines.subList(0, lines.size() - 1)) + "\n");
        audit("verify").ends(Main.FINE);
        assertGolden(
                "audit-verify-cut",
                steady(audit("verify", "--head", head).ends(Main.FOUND).out()));
    }

    @Test
    void linesAreShownForPeople() throws IOException {
        assertGolden("audit-show", audit("show").ends(Main.FINE).out());
        assertEquals(1, audit("show", "--code", "snp.vek-chain").out().lines().count());
        assertEquals(1, audit("show", "--code", "nonce-used").out().lines().count());
        assertEquals(3, audit("show", "--policy", "pinned").out().lines().count());
        assertEquals(1, audit("show", "--caller", "kms").out().lines().count());
        assertEquals(
                1,
                audit("show", "--since", "2026-11-24T03:30:00Z").out().lines().count());
        assertEquals("", audit("show", "--policy", "another").ends(Main.FINE).out());
    }

    @Test
    void whatStandardOutputHeldCanBeVerifiedBetweenOtherLines() throws IOException {
        String log = Files.readString(folder.resolve("audit-000001.jsonl"));
        Path mixed = Files.writeString(
                folder.resolve("captured.txt"), "INFO hello\n" + log.replaceFirst("\n", "\nWARN between\n"));
        run("audit", "verify", "--mixed", mixed.toString()).ends(Main.FINE);
        run("audit", "verify", mixed.toString()).ends(Main.FOUND);
    }

    @Test
    void whatIsWrongWithTheCommandIsOneSentence() throws IOException {
        for (String[] command : new String[][] {
            {"audit", "verify", folder.resolve("none").toString()},
            {"audit", "show", folder.resolve("none").toString()},
            {"audit", "verify", Files.createDirectory(folder.resolve("empty")).toString()},
            {"audit", "verify", "--head", "abc", folder.toString()},
            {"audit", "verify", "--keys", folder.resolve("audit-000001.jsonl").toString(), folder.toString()},
            {"audit", "verify"},
        }) {
            Ran ran = run(command).ends(Main.USAGE);
            assertTrue(ran.err().startsWith("countersign: "), ran.err());
            assertTrue(!ran.err().contains("\tat "), ran.err());
        }
    }
}
