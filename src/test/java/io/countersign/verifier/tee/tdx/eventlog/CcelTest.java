package io.countersign.verifier.tee.tdx.eventlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.testkit.SoftwareEventLog;
import io.countersign.testkit.SoftwareEventLog.Entry;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.bytes.UnsupportedEvidenceException;
import io.countersign.verifier.check.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a CCEL may look like, and what is refused before anything is judged. */
class CcelTest {
    private static final SoftwareEventLog GUEST = SoftwareEventLog.grubGuest("/vmlinuz root=/dev/vda1 ro");
    private static final Bytes CCEL = GUEST.ccel();

    /** The header of a log with one algorithm: 32 bytes of record, 33 of Spec ID event. */
    private static final int FIRST_EVENT = 65;

    @Test
    void readsBackWhatWasWritten() throws EvidenceException {
        EventLog log = EventLog.parse(CCEL);
        assertEquals(GUEST.rtmrs(), log.rtmrs().orElseThrow());
        assertEquals(
                GUEST.entries().stream()
                        .map(entry -> List.of((long) entry.register(), entry.type(), entry.digest(), entry.data()))
                        .toList(),
                log.events().stream()
                        .map(event -> List.<Object>of(
                                (long) event.measurementRegister(),
                                event.type(),
                                event.sha384().orElseThrow(),
                                event.data()))
                        .toList());
        assertInstanceOf(Outcome.Passed.class, Logs.judge(CCEL, GUEST.rtmrs()));
    }

    @Test
    void everyShorterLogIsRefusedOrFails() {
        Set<Integer> boundaries = new HashSet<>();
        for (int length = 0; length < CCEL.length(); length++) {
            try {
                assertInstanceOf(
                        Outcome.Failed.class, Logs.judge(CCEL.slice(0, length), GUEST.rtmrs()), "length " + length);
                boundaries.add(length);
            } catch (EvidenceException refusal) {
                var malformed = assertInstanceOf(MalformedEvidenceException.class, refusal);
                assertTrue(malformed.offset() <= length, malformed::getMessage);
            }
        }
        // What is cut between two events is well-formed; nothing else is.
        assertEquals(GUEST.entries().size(), boundaries.size());
    }

    @Test
    void acceptsThePaddingOfFirmwareAndOfCopies() throws EvidenceException {
        for (String padding : List.of("ff", "00", "ffffffffffffffffff", "000000000000000000", "ffffffff0000000000")) {
            Bytes padded = GUEST.ccel("Spec ID Event03\0", 0xC, Bytes.fromHex(padding));
            assertInstanceOf(Outcome.Passed.class, Logs.judge(padded, GUEST.rtmrs()), padding);
        }
        assertInstanceOf(Outcome.Passed.class, Logs.judge(CCEL.zeroPaddedTo(EventLog.MAX_LENGTH), GUEST.rtmrs()));
    }

    @Test
    void refusesAnythingElseAfterTheEnd() {
        for (String rest :
                List.of("01", "ffffffffffffffff01", "000000000000000001", "00000000ffffffffff", "ffffffff000000ff")) {
            refused(GUEST.ccel("Spec ID Event03\0", 0xC, Bytes.fromHex(rest)));
        }
    }

    @Test
    void refusesMoreThanOneMebibyte() {
        refused(CCEL.zeroPaddedTo(EventLog.MAX_LENGTH + 1));
    }

    @Test
    void refusesTooManyEvents() throws EvidenceException {
        var one = SoftwareEventLog.separator(1);
        var most = new SoftwareEventLog(Collections.nCopies(EventLog.MAX_EVENTS, one));
        assertEquals(EventLog.MAX_EVENTS, EventLog.parse(most.ccel()).events().size());
        assertTrue(EventLog.parse(most.ccel()).fields().getLast().value().startsWith("7680 more events"));
        refused(new SoftwareEventLog(Collections.nCopies(EventLog.MAX_EVENTS + 1, one)).ccel());
    }

    @Test
    void refusesRegistersThatDoNotExist() {
        for (String register : List.of("05000000", "ff000000", "feffffff", "01000080")) {
            assertEquals(FIRST_EVENT + 4, refused(with(FIRST_EVENT, register)).offset());
        }
    }

    @Test
    void refusesAMeasurementIntoMrtd() {
        refused(with(FIRST_EVENT, "00000000"));
    }

    @Test
    void refusesDigestCountsOutOfBounds() {
        for (String count : List.of("00000000", "02000000", "11000000", "ffffffff", "00000080")) {
            refused(with(FIRST_EVENT + 8, count));
        }
    }

    @Test
    void refusesAlgorithmsThatAreUnknownOrNotDeclared() {
        for (String algorithm : List.of("0000", "0b00", "0d00", "ffff")) {
            refused(with(FIRST_EVENT + 12, algorithm));
        }
    }

    @Test
    void refusesTwoDigestsOfOneAlgorithm() {
        Bytes twice = Bytes.concat(
                CCEL.slice(0, FIRST_EVENT + 8),
                Bytes.fromHex("02000000"),
                CCEL.slice(FIRST_EVENT + 12, FIRST_EVENT + 62),
                CCEL.slice(FIRST_EVENT + 12, CCEL.length()));
        assertTrue(refused(twice).getMessage().contains("two digests"));
    }

    @Test
    void refusesAnEventBeyondTheEnd() {
        for (String size : List.of("ffffffff", "ffffff7f", "00001000")) {
            refused(with(FIRST_EVENT + 62, size));
        }
    }

    @Test
    void refusesAnotherHeader() {
        refused(with(0, "02000000")); // register
        refused(with(4, "04000000")); // not EV_NO_ACTION
        refused(with(8, "01")); // digest
        for (String size : List.of("00000000", "20000000", "22000000", "ffffffff")) {
            refused(with(28, size));
        }
        refused(with(56, "00000000")); // no algorithms
        refused(with(56, "ffffffff"));
        refused(with(62, "2000")); // SHA-384 of 32 bytes
        refused(with(64, "01")); // vendor information that is not there
        refused(GUEST.ccel("Spec ID Event02\0", 0xC, Bytes.empty()));
        refused(GUEST.ccel("StartupLocality\0", 0xC, Bytes.empty()));
    }

    @Test
    void saysThatItDoesNotKnowAnotherVersion() {
        assertThrows(UnsupportedEvidenceException.class, () -> EventLog.parse(with(53, "03")));
    }

    @Test
    void ignoresWhatIsNotMeasured() throws EvidenceException {
        var entries = new ArrayList<>(GUEST.entries());
        for (int register : List.of(0, 1, 3, 4)) {
            entries.add(
                    register,
                    new Entry(register, SoftwareEventLog.NO_ACTION, Bytes.zeros(48), Bytes.utf8("SP800-155 Event3")));
        }
        Bytes extended = new SoftwareEventLog(entries).ccel();
        assertInstanceOf(Outcome.Passed.class, Logs.judge(extended, GUEST.rtmrs()));
        assertEquals(Logs.claims(CCEL).byPath(), Logs.claims(extended).byPath());
    }

    @Test
    void sha256OnlyFails() throws EvidenceException {
        for (int algorithm : List.of(0xB, 0x12)) {
            Bytes other = GUEST.ccel("Spec ID Event03\0", algorithm, Bytes.empty());
            assertInstanceOf(Outcome.Failed.class, Logs.judge(other, GUEST.rtmrs()));
            assertTrue(EventLog.parse(other).rtmrs().isEmpty());
        }
    }

    private static Bytes with(int offset, String hex) {
        Bytes patch = Bytes.fromHex(hex);
        return Bytes.concat(CCEL.slice(0, offset), patch, CCEL.slice(offset + patch.length(), CCEL.length()));
    }

    private static MalformedEvidenceException refused(Bytes raw) {
        var refusal = assertThrows(MalformedEvidenceException.class, () -> EventLog.parse(raw));
        assertTrue(refusal.structure().contains("event log"));
        return refusal;
    }
}
