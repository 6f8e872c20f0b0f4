package io.countersign.verifier.tee.tdx.eventlog;

import static io.countersign.verifier.tee.tdx.eventlog.Logs.claim;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.tee.tdx.eventlog.Logs.Capture;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every genuine log, and what it proves. */
class CapturesTest {
    static List<Capture> captures() {
        List<Capture> all = Logs.all();
        assertEquals(9, all.size());
        return all;
    }

    @ParameterizedTest
    @MethodSource("captures")
    void holdsTheEventsOfTheManifest(Capture capture) throws EvidenceException {
        EventLog log = EventLog.parse(capture.raw());
        assertEquals(capture.entry().get("events").asInt(), log.events().size());
        if (capture.entry().has("events_per_mr")) {
            var expected = new TreeMap<Integer, Long>();
            capture.entry()
                    .get("events_per_mr")
                    .properties()
                    .forEach(entry -> expected.put(
                            Integer.valueOf(entry.getKey()), entry.getValue().asLong()));
            assertEquals(
                    expected,
                    log.events().stream()
                            .collect(Collectors.groupingBy(
                                    Event::measurementRegister, TreeMap::new, Collectors.counting())));
            Event last = log.events().getLast();
            assertEquals(capture.entry().get("used_bytes").asInt(), last.offset() + last.length());
        }
    }

    @ParameterizedTest
    @MethodSource("captures")
    void replaysToTheRegistersOfTheManifest(Capture capture) throws EvidenceException {
        JsonNode replayed = capture.entry().get("replayed");
        Optional<List<String>> expected = replayed.isNull()
                ? Optional.empty()
                : Optional.of(List.of("rtmr0", "rtmr1", "rtmr2", "rtmr3").stream()
                        .map(name -> replayed.get(name).asText())
                        .toList());
        assertEquals(expected, EventLog.parse(capture.raw()).rtmrs().map(rtmrs -> rtmrs.stream()
                .map(Bytes::toString)
                .toList()));
    }

    @Test
    void threeLogsAgreeWithTheQuoteOrReportBesideThem() throws EvidenceException {
        int paired = 0;
        for (Capture capture : captures()) {
            if (capture.paired().isPresent()) {
                var outcome = Logs.judge(capture.raw(), capture.paired().get());
                assertInstanceOf(Outcome.Passed.class, outcome, capture.file());
                paired++;
            }
        }
        assertEquals(3, paired);
    }

    @Test
    void refusesALogOfAnotherQuote() throws EvidenceException {
        List<Bytes> quoted = Logs.all().stream()
                .filter(capture -> capture.file().contains("gcp-cos113"))
                .findFirst()
                .orElseThrow()
                .paired()
                .orElseThrow();
        for (Capture capture : captures()) {
            if (!capture.file().contains("gcp-cos113")) {
                assertInstanceOf(Outcome.Failed.class, Logs.judge(capture.raw(), quoted), capture.file());
            }
        }
    }

    @Test
    void aLogWithoutSha384ParsesAndFails() throws EvidenceException {
        Bytes raw = Logs.read("eventlogs/ccel-csv-sm3.bin");
        EventLog log = EventLog.parse(raw);
        List<Bytes> zeros = List.of(Bytes.zeros(48), Bytes.zeros(48), Bytes.zeros(48), Bytes.zeros(48));
        assertInstanceOf(Outcome.Failed.class, EventLogJudge.judge(Optional.of(log), zeros));
        assertEquals(Map.of(), Logs.claims(log, zeros).byPath());
        assertEquals(82, log.fields().size());
    }

    @Test
    void readsCommandLineAndRootHashOfContainerOptimizedOs() throws EvidenceException {
        Claims claims = Logs.claims(Logs.read("eventlogs/ccel-gcp-cos113.bin"));
        assertEquals(Optional.of("grub"), claim(claims, "boot_method"));
        assertEquals(
                Optional.of("2a0357a89582144472ca882632611094c66babdb6486d5d7b49597638bf52b12"),
                claim(claims, "root_hash"));
        String line = claim(claims, "kernel_cmdline").orElseThrow().toString();
        assertTrue(line.startsWith("/syslinux/vmlinuz.A init=/usr/lib/systemd/systemd "), line);
        assertEquals(Optional.of(Bytes.utf8(line).sha384().toString()), claim(claims, "kernel_cmdline_digest"));
        assertEquals(Optional.of(false), claim(claims, "secure_boot"));
        assertEquals(96, claim(claims, "kernel_digest").orElseThrow().toString().length());
        assertEquals(Optional.empty(), claim(claims, "initrd_digest"));
        assertEquals(List.of(2, 14, 5), sizes(claims, "boot_applications", "grub_commands", "unexplained.rtmr2"));
        assertEquals(Optional.of(List.of("rtmr0", "rtmr1", "rtmr2")), claim(claims, "covered"));
        assertEquals(Optional.of(List.of("rtmr3")), claim(claims, "not_covered"));
        for (String name : List.of("pk", "kek", "db", "dbx")) {
            assertTrue(claim(claims, "secure_boot_variables." + name).isPresent(), name);
        }
        assertEquals(Optional.of(List.of()), claim(claims, "unexplained.rtmr3"));
    }

    @Test
    void readsWhatAFirmwareStartedKernelWasGiven() throws EvidenceException {
        for (String file : List.of("ccel-attrs-live1.bin", "ccel-ovmf.bin", "ccel-ita.bin")) {
            Claims claims = Logs.claims(Logs.read("eventlogs/" + file));
            assertEquals(Optional.of("efi-stub"), claim(claims, "boot_method"), file);
            assertTrue(claim(claims, "kernel_digest").isPresent(), file);
            assertTrue(claim(claims, "kernel_cmdline_digest").isPresent(), file);
            assertEquals(
                    !file.equals("ccel-ita.bin"), claim(claims, "initrd_digest").isPresent(), file);
            assertEquals(Optional.empty(), claim(claims, "kernel_cmdline"), file);
            assertEquals(List.of(1), sizes(claims, "boot_applications"), file);
        }
    }

    @Test
    void readsTheSectionsOfAUnifiedKernelImage() throws EvidenceException {
        Claims claims = Logs.claims(Logs.read("eventlogs/ccel-grub-gke.bin"));
        assertEquals(Optional.of("systemd-stub"), claim(claims, "boot_method"));
        for (String name : List.of("linux", "osrel", "cmdline", "initrd", "uname", "sbat")) {
            assertTrue(claim(claims, "systemd_stub." + name).isPresent(), name);
        }
        assertEquals(claim(claims, "systemd_stub.linux"), claim(claims, "kernel_digest"));
        assertTrue(claim(claims, "kernel_digest").orElseThrow().toString().startsWith("2807a2f1d2ee8c51"));
        assertTrue(
                claim(claims, "kernel_cmdline_digest").orElseThrow().toString().startsWith("df6024107c34b0b6"));
        assertEquals(List.of(2, 6), sizes(claims, "boot_applications", "unexplained.rtmr2"));
    }

    @Test
    void readsTheCommandLineOfTdShim() throws EvidenceException {
        Claims claims = Logs.claims(Logs.read("eventlogs/ccel-tdshim.bin"));
        assertEquals(Optional.of("td-shim"), claim(claims, "boot_method"));
        assertEquals(Optional.of("root=/dev/vda1 console=hvc0 rw"), claim(claims, "kernel_cmdline"));
        assertTrue(claim(claims, "kernel_digest").orElseThrow().toString().startsWith("5b7aa6572f649714"));
        assertEquals(Optional.empty(), claim(claims, "secure_boot"));
        assertEquals(Optional.empty(), claim(claims, "boot_applications"));
    }

    @Test
    void readsRuntimeRecordsAndTheCommandsOfAlibabasGrub() throws EvidenceException {
        Claims claims = Logs.claims(Logs.read("eventlogs/ccel-alibaba-aael.bin"));
        assertEquals(
                Optional.of(List.of(
                        "coco.com some-operation some-content",
                        "coco.com some-operation {\"key\": \"value\", \"nested-key\": {\"sub-key\": \"value\"}}")),
                claim(claims, "runtime_events"));
        assertEquals(Optional.of(List.of()), claim(claims, "not_covered"));
        assertEquals(Optional.of("grub"), claim(claims, "boot_method"));
        String line = claim(claims, "kernel_cmdline").orElseThrow().toString();
        assertTrue(line.startsWith("(hd0,gpt3)/boot/vmlinuz-5.10.134-19.1.al8.x86_64 root=UUID="), line);
        assertTrue(claim(claims, "initrd_digest").orElseThrow().toString().startsWith("7de50181f02be7ff"));
        assertEquals(Optional.empty(), claim(claims, "root_hash"));
        assertEquals(List.of(52, 2, 5), sizes(claims, "grub_commands", "boot_applications", "unexplained.rtmr2"));
        assertEquals(Optional.of(false), claim(claims, "secure_boot"));
    }

    @Test
    void readsWhatDstackMeasured() throws EvidenceException {
        Claims claims = Logs.claims(Logs.read("eventlogs/dstack-quote-report-eventlog.json"));
        assertEquals(Optional.of("dstack"), claim(claims, "format"));
        String composeHash = "3763bc34552cf3a27ff71ad5f7a90471562a1a2df552dfc1998cba2d60da27e7";
        assertEquals(Optional.of(composeHash), claim(claims, "dstack.compose_hash"));
        assertEquals(Optional.of(composeHash.substring(0, 40)), claim(claims, "dstack.app_id"));
        assertEquals(Optional.of("c3714eb66990eace777b4e664c16e09375dec4c9"), claim(claims, "dstack.instance_id"));
        assertTrue(claim(claims, "dstack.key_provider").orElseThrow().toString().startsWith("{\"name\":\"local-sgx\""));
        assertEquals(List.of(8), sizes(claims, "runtime_events"));
        assertEquals(Optional.of("efi-stub"), claim(claims, "boot_method"));
        assertEquals(Optional.of(false), claim(claims, "secure_boot"));
    }

    @ParameterizedTest
    @MethodSource("captures")
    void showsEveryEventWhereItStands(Capture capture) throws EvidenceException {
        Bytes raw = capture.raw();
        var fields = EventLog.parse(raw).fields();
        assertEquals(capture.entry().get("events").asInt(), fields.size());
        fields.forEach(field -> assertTrue(
                field.offset() >= 0 && field.length() > 0 && field.offset() + field.length() <= raw.length(),
                field::toString));
        if (capture.file().endsWith(".json")) {
            fields.forEach(field -> {
                String object = raw.slice(field.offset(), field.offset() + field.length())
                        .toUtf8();
                assertTrue(object.startsWith("{") && object.endsWith("}"), object);
            });
        }
        assertEquals(
                fields.size(),
                fields.stream()
                        .map(field -> field.name())
                        .collect(Collectors.toSet())
                        .size());
        assertTrue(fields.stream().allMatch(field -> field.value().length() < 600));
    }

    private static List<Integer> sizes(Claims claims, String... names) {
        Function<String, Integer> size =
                name -> ((List<?>) claim(claims, name).orElseThrow(() -> new AssertionError(name))).size();
        return List.of(names).stream().map(size).toList();
    }
}
