package io.countersign.verifier.tee.tdx.eventlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.testkit.SoftwareEventLog;
import io.countersign.testkit.SoftwareEventLog.Entry;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.check.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a log agrees with a quote, and what is said when it does not. */
class JudgeTest {
    private static final SoftwareEventLog GUEST = SoftwareEventLog.grubGuest("/vmlinuz root=/dev/vda1 ro");
    private static final List<Bytes> ZEROS = Collections.nCopies(4, Bytes.zeros(48));

    @Test
    void noLogIsUndetermined() {
        var outcome =
                assertInstanceOf(Outcome.Undetermined.class, EventLogJudge.judge(Optional.empty(), GUEST.rtmrs()));
        assertEquals(Outcome.Cause.NOT_ASKED, outcome.cause());
    }

    @Test
    void anEmptyLogProvesNothingAboutUnusedRegisters() throws EvidenceException {
        var noAction = new Entry(0, SoftwareEventLog.NO_ACTION, Bytes.zeros(48), Bytes.empty());
        for (var log : List.of(new SoftwareEventLog(List.of()), new SoftwareEventLog(List.of(noAction)))) {
            var outcome = assertInstanceOf(Outcome.Failed.class, Logs.judge(log.ccel(), ZEROS));
            assertTrue(outcome.hint().contains("paravisor"), outcome.hint());
            assertInstanceOf(Outcome.Failed.class, Logs.judge(log.ccel(), GUEST.rtmrs()));
        }
        assertInstanceOf(Outcome.Failed.class, Logs.judge(Bytes.utf8("[]"), ZEROS));
    }

    @Test
    void aLogBesideUnusedRegistersFailsAndPointsToTheVtpm() throws EvidenceException {
        var outcome = assertInstanceOf(Outcome.Failed.class, Logs.judge(GUEST.ccel(), ZEROS));
        assertTrue(outcome.hint().contains("azure-tdx-vtpm"), outcome.hint());
    }

    @Test
    void runtimeExtensionsWithoutRecordsAreNotCoveredAndSaidSo() throws EvidenceException {
        var quoted = new ArrayList<>(GUEST.rtmrs());
        quoted.set(3, Bytes.utf8("extended by the guest").sha384());
        var outcome = assertInstanceOf(Outcome.Passed.class, Logs.judge(GUEST.ccel(), quoted));
        assertTrue(outcome.because().contains("RTMR3 is not covered"), outcome.because());
    }

    @Test
    void runtimeExtensionsAreComparedWhereTheLogHasSome() throws EvidenceException {
        var log = with(SoftwareEventLog.runtimeRecord("example.org start web"));
        var outcome = assertInstanceOf(Outcome.Passed.class, Logs.judge(log.ccel(), log.rtmrs()));
        assertTrue(outcome.because().contains("RTMR3 as quoted"), outcome.because());
        var quoted = new ArrayList<>(log.rtmrs());
        quoted.set(3, Bytes.utf8("extended once more").sha384());
        assertTrue(failed(log, quoted).expected().contains("RTMR3"));
    }

    @Test
    void registersWithoutEventsMustBeZero() throws EvidenceException {
        var log = new SoftwareEventLog(List.of(SoftwareEventLog.separator(1), SoftwareEventLog.separator(2)));
        assertInstanceOf(Outcome.Passed.class, Logs.judge(log.ccel(), log.rtmrs()));
        var quoted = new ArrayList<>(log.rtmrs());
        quoted.set(2, Bytes.utf8("a command line that the log leaves out").sha384());
        assertTrue(failed(log, quoted).hint().contains("part of the log is missing"));
    }

    @Test
    void everyEventCountsInItsPlace() throws EvidenceException {
        List<Entry> entries = GUEST.entries();
        for (int i = 0; i < entries.size(); i++) {
            var dropped = new ArrayList<>(entries);
            Entry entry = dropped.remove(i);
            assertRegister(failed(new SoftwareEventLog(dropped), GUEST.rtmrs()), entry);

            var twice = new ArrayList<>(entries);
            twice.add(i, entry);
            assertRegister(failed(new SoftwareEventLog(twice), GUEST.rtmrs()), entry);

            var flipped = new ArrayList<>(entries);
            flipped.set(
                    i, new Entry(entry.register(), entry.type(), entry.digest().sha384(), entry.data()));
            assertRegister(failed(new SoftwareEventLog(flipped), GUEST.rtmrs()), entry);
        }
    }

    @Test
    void theOrderWithinARegisterCountsAndBetweenRegistersDoesNot() throws EvidenceException {
        List<Entry> entries = GUEST.entries();
        for (int i = 0; i + 1 < entries.size(); i++) {
            var swapped = new ArrayList<>(entries);
            Collections.swap(swapped, i, i + 1);
            var log = new SoftwareEventLog(swapped);
            if (entries.get(i).register() == entries.get(i + 1).register()) {
                assertRegister(failed(log, GUEST.rtmrs()), entries.get(i));
            } else {
                assertInstanceOf(Outcome.Passed.class, Logs.judge(log.ccel(), GUEST.rtmrs()));
            }
        }
    }

    @Test
    void saysWhenTheLogIsNewerThanTheQuote() throws EvidenceException {
        var later = with(SoftwareEventLog.grubCommand("boot"));
        assertTrue(failed(later, GUEST.rtmrs()).hint().contains("newer than the quote"));
    }

    @Test
    void aFailedOrAbsentLogMakesNoClaims() throws EvidenceException {
        EventLog log = EventLog.parse(GUEST.ccel());
        assertEquals(Map.of(), Logs.claims(log, ZEROS).byPath());
        assertTrue(Logs.claims(log, GUEST.rtmrs()).byPath().size() > 20);
    }

    @Test
    void aQuoteHasFourRegisters() {
        assertThrows(IllegalArgumentException.class, () -> EventLogJudge.judge(Optional.empty(), List.of()));
    }

    private static SoftwareEventLog with(Entry entry) {
        var entries = new ArrayList<>(GUEST.entries());
        entries.add(entry);
        return new SoftwareEventLog(entries);
    }

    private static Outcome.Failed failed(SoftwareEventLog log, List<Bytes> quoted) throws EvidenceException {
        return assertInstanceOf(Outcome.Failed.class, Logs.judge(log.ccel(), quoted));
    }

    private static void assertRegister(Outcome.Failed outcome, Entry entry) {
        String register = "RTMR" + (entry.register() - 1);
        assertTrue(outcome.expected().contains(register) && outcome.actual().contains(register), outcome::toString);
        assertEquals(outcome.expected().indexOf("RTMR"), outcome.expected().lastIndexOf("RTMR"), outcome::toString);
    }
}
