package io.countersign.verifier.tee.tdx.eventlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.testkit.SoftwareEventLog;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Claims;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Damaged logs, with a fixed seed: refused, failed, or passed with nothing but what was measured. */
class DamageTest {
    private static final int TIMES = 12_000;
    private static final List<Bytes> ZEROS = Collections.nCopies(4, Bytes.zeros(48));

    private final SplittableRandom random = new SplittableRandom(20_261_123);

    @Test
    void nothingButARefusalComesOutOfADamagedLog() {
        List<SoftwareEventLog> logs = List.of(
                SoftwareEventLog.grubGuest("/vmlinuz roothash=" + "ab".repeat(32)),
                new SoftwareEventLog(List.of(
                        SoftwareEventLog.dstack("app-id", Bytes.zeros(20)),
                        SoftwareEventLog.runtimeRecord("example.org start web"))));
        int refused = 0;
        int failed = 0;
        int passed = 0;
        for (int i = 0; i < TIMES; i++) {
            var log = logs.get(i % logs.size());
            byte[] raw = (i % 4 < 3 && log == logs.get(0) || i % 8 < 4 ? log.ccel() : log.json()).toByteArray();
            var honest = expected(log);
            try {
                EventLog damaged = EventLog.parse(Bytes.copyOf(damaged(raw)));
                assertTrue(damaged.fields().size() <= EventLog.MAX_EVENTS + 1);
                if (EventLogJudge.judge(Optional.of(damaged), log.rtmrs()) instanceof Outcome.Passed) {
                    passed++;
                    assertNothingForeign(honest, Logs.claims(damaged, log.rtmrs()));
                } else {
                    failed++;
                    assertEquals(Map.of(), Logs.claims(damaged, log.rtmrs()).byPath());
                }
                EventLogJudge.judge(Optional.of(damaged), ZEROS);
            } catch (EvidenceException refusal) {
                refused++;
                assertTrue(refusal.getMessage().length() < 400, refusal::getMessage);
            }
        }
        assertTrue(refused > 500 && failed > 500 && passed > 500, refused + " " + failed + " " + passed);
    }

    private final Map<SoftwareEventLog, Claims> honest = new java.util.HashMap<>();

    private Claims expected(SoftwareEventLog log) {
        return honest.computeIfAbsent(log, each -> {
            try {
                return Logs.claims(each.ccel());
            } catch (EvidenceException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** A log that still replays may lose claims, never change one; only what it no longer explains may grow. */
    private static void assertNothingForeign(Claims honest, Claims damaged) {
        damaged.byPath().forEach((path, value) -> {
            boolean grows = path.contains("unexplained") || path.endsWith(".format") || path.endsWith("grub_commands");
            boolean ofTheOtherFormat = path.contains(".dstack.") || path.endsWith("runtime_events");
            assertTrue(
                    grows || ofTheOtherFormat || value.equals(honest.byPath().get(path)),
                    () -> path + " became " + value);
        });
    }

    @Test
    void aBitFlippedAnywhereInAMeasuredDigestFails() throws EvidenceException {
        var log = SoftwareEventLog.grubGuest("/vmlinuz ro");
        byte[] raw = log.ccel().toByteArray();
        for (Event event : EventLog.parse(log.ccel()).events()) {
            for (int bit = 0; bit < 48 * 8; bit += 5) {
                byte[] flipped = raw.clone();
                flipped[event.offset() + 14 + bit / 8] ^= (byte) (1 << bit % 8);
                var outcome = Logs.judge(Bytes.copyOf(flipped), log.rtmrs());
                assertTrue(outcome instanceof Outcome.Failed);
            }
        }
    }

    @Test
    void genuineLogsCutAtManyPlacesNeverPass() throws EvidenceException {
        for (var capture : Logs.all()) {
            if (capture.paired().isEmpty() || capture.file().endsWith(".json")) {
                continue;
            }
            Bytes raw = capture.raw();
            int used = capture.entry().get("used_bytes").asInt();
            for (int length = 1; length < used; length += 1 + random.nextInt(7)) {
                try {
                    var outcome =
                            Logs.judge(raw.slice(0, length), capture.paired().get());
                    assertTrue(outcome instanceof Outcome.Failed, capture.file() + " cut to " + length);
                } catch (EvidenceException refusal) {
                    assertTrue(refusal.getMessage().contains("event log"));
                }
            }
        }
    }

    private byte[] damaged(byte[] raw) {
        byte[] damaged = raw.clone();
        int times = 1 + random.nextInt(3);
        for (int i = 0; i < times && damaged.length > 0; i++) {
            int at = random.nextInt(damaged.length);
            switch (random.nextInt(6)) {
                case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> damaged[at] = (byte) random.nextInt(256);
                case 2 -> damaged = random.nextInt(20) == 0 ? Arrays.copyOf(damaged, at) : damaged;
                case 3 -> damaged[at] = (byte) (random.nextBoolean() ? 0xFF : 0);
                case 4 -> damaged = moved(damaged, at);
                default -> damaged = Arrays.copyOf(damaged, damaged.length + random.nextInt(9));
            }
        }
        return damaged;
    }

    /** A run of bytes taken out and put in somewhere else. */
    private byte[] moved(byte[] raw, int at) {
        var bytes = new ArrayList<Byte>();
        for (byte each : raw) {
            bytes.add(each);
        }
        int length = Math.min(1 + random.nextInt(80), raw.length - at);
        List<Byte> run = new ArrayList<>(bytes.subList(at, at + length));
        bytes.subList(at, at + length).clear();
        bytes.addAll(bytes.isEmpty() ? 0 : random.nextInt(bytes.size()), run);
        byte[] moved = new byte[bytes.size()];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = bytes.get(i);
        }
        return moved;
    }
}
