package io.countersign.verifier.tee.tdx.eventlog;

import io.countersign.verifier.bytes.ByteCursor;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.bytes.UnsupportedEvidenceException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Reads what the ACPI table CCEL points at: a crypto-agile log of the TCG, with measurement register indexes in place of PCR
 * numbers. TCG PC Client Platform Firmware Profile, rev. 1.06, 10.2 and 10.4.5; UEFI 2.10, 38.4 (confidential computing).
 */
final class CcelReader {
    private static final String STRUCTURE = "CCEL event log";
    private static final Bytes SIGNATURE = Bytes.utf8("Spec ID Event03\0");
    private static final int MAX_ALGORITHMS = 16;
    private static final int MAX_HEADER = 1024;
    private static final int LAST_REGISTER = 4;
    private static final long END = 0xFFFFFFFFL;

    private CcelReader() {}

    static List<Event> read(Bytes raw) throws EvidenceException {
        int major = major(raw);
        // The layout below is that of version 2; what follows in another one is anybody's guess.
        if (major != 2 && major >= 0) {
            throw new UnsupportedEvidenceException(
                    STRUCTURE,
                    "its Spec ID event says version " + major + " of the TCG's log format; version 2 is read");
        }
        return ByteCursor.readExactly(STRUCTURE, raw, ByteOrder.LITTLE_ENDIAN, in -> {
            Set<DigestAlgorithm> algorithms = header(in);
            var events = new ArrayList<Event>();
            while (!atEnd(raw, in.position())) {
                if (events.size() == EventLog.MAX_EVENTS) {
                    throw in.malformed("holds more than " + EventLog.MAX_EVENTS + " events");
                }
                events.add(event(in, algorithms));
            }
            padding(in);
            return events;
        });
    }

    /** The major version where the header has one, -1 where reading the header will say what is wrong. */
    private static int major(Bytes raw) {
        int signature = 32;
        int version = signature + SIGNATURE.length() + 5;
        return raw.length() > version
                        && raw.slice(signature, signature + SIGNATURE.length()).equals(SIGNATURE)
                ? raw.u8(version)
                : -1;
    }

    /** TCG_PCClientPCREvent with TCG_EfiSpecIDEvent: the one record in the old layout, and which hashes the others hold. */
    private static Set<DigestAlgorithm> header(ByteCursor in) throws MalformedEvidenceException {
        // Firmware made from OVMF writes 1 here, td-shim 0.
        if (in.at(0).u32() > 1) {
            throw in.malformed("the index of the first record is neither 0 nor 1");
        }
        if (in.at(4).u32() != EventType.NO_ACTION) {
            throw in.malformed("the first record is not EV_NO_ACTION");
        }
        if (!in.at(8).bytes(20).isAllZero()) {
            throw in.malformed("the digest of the first record is not zero");
        }
        long size = in.at(28).u32();
        if (size > MAX_HEADER) {
            throw in.malformed("the Spec ID event has %d bytes, more than %d".formatted(size, MAX_HEADER));
        }
        int end = in.position() + (int) size;
        if (!in.at(32).bytes(16).equals(SIGNATURE)) {
            throw in.malformed("the first record is not \"Spec ID Event03\"");
        }
        // platformClass, specVersionMinor, specVersionMajor, specErrata, uintnSize: td-shim puts its own values into
        // them.
        in.at(48).bytes(8);
        Set<DigestAlgorithm> algorithms = algorithms(in);
        in.bytes(in.u8()); // vendorInfo
        if (in.position() != end) {
            throw in.malformed("the Spec ID event ends here, its size says at 0x%03x".formatted(end));
        }
        return algorithms;
    }

    private static Set<DigestAlgorithm> algorithms(ByteCursor in) throws MalformedEvidenceException {
        long count = in.u32();
        if (count < 1 || count > MAX_ALGORITHMS) {
            throw in.malformed("declares %d algorithms; 1 to %d are possible".formatted(count, MAX_ALGORITHMS));
        }
        var algorithms = EnumSet.noneOf(DigestAlgorithm.class);
        for (int i = 0; i < count; i++) {
            DigestAlgorithm algorithm = algorithm(in);
            if (in.u16() != algorithm.length()) {
                throw in.malformed("%s has digests of %d bytes".formatted(algorithm, algorithm.length()));
            }
            if (!algorithms.add(algorithm)) {
                throw in.malformed(algorithm + " is declared twice");
            }
        }
        return algorithms;
    }

    /** TCG_PCR_EVENT2. */
    private static Event event(ByteCursor in, Set<DigestAlgorithm> algorithms) throws MalformedEvidenceException {
        int start = in.position();
        long register = in.u32();
        if (register > LAST_REGISTER) {
            throw in.malformed("measurement register %d; there are 0 to %d".formatted(register, LAST_REGISTER));
        }
        long type = in.u32();
        if (register == 0 && type != EventType.NO_ACTION) {
            throw in.malformed(EventType.nameOf(type) + " in register 0, MRTD, which nothing extends at run time");
        }
        var digests = digests(in, algorithms);
        long size = in.u32();
        if (size > in.remaining()) {
            throw in.malformed("the event has %d bytes, %d remain".formatted(size, in.remaining()));
        }
        Bytes data = in.bytes((int) size);
        return new Event((int) register, type, digests, "", data, start, in.position() - start);
    }

    private static EnumMap<DigestAlgorithm, Bytes> digests(ByteCursor in, Set<DigestAlgorithm> declared)
            throws MalformedEvidenceException {
        long count = in.u32();
        if (count < 1 || count > MAX_ALGORITHMS) {
            throw in.malformed("an event with %d digests; 1 to %d are possible".formatted(count, MAX_ALGORITHMS));
        }
        var digests = new EnumMap<DigestAlgorithm, Bytes>(DigestAlgorithm.class);
        for (int i = 0; i < count; i++) {
            DigestAlgorithm algorithm = algorithm(in);
            if (!declared.contains(algorithm)) {
                throw in.malformed(algorithm + " is not declared in the Spec ID event");
            }
            if (digests.put(algorithm, in.bytes(algorithm.length())) != null) {
                throw in.malformed("an event with two digests of " + algorithm);
            }
        }
        return digests;
    }

    private static DigestAlgorithm algorithm(ByteCursor in) throws MalformedEvidenceException {
        int id = in.u16();
        return DigestAlgorithm.of(id).orElseThrow(() -> in.malformed("unknown hash algorithm 0x%04x".formatted(id)));
    }

    /** Firmware clears the log's memory to 0xFF (OVMF) or zero (td-shim) and says nowhere how much of it is used. */
    private static boolean atEnd(Bytes raw, int at) {
        if (raw.length() - at < 8) {
            return true;
        }
        long register = u32(raw, at);
        return register == END || register == 0 && u32(raw, at + 4) == 0;
    }

    /** What is left must be padding: 0xFF from the firmware, then zeros from whoever copied it; each may be missing. */
    private static void padding(ByteCursor in) throws MalformedEvidenceException {
        int start = in.position();
        Bytes rest = in.bytes(in.remaining());
        int at = 0;
        while (at < rest.length() && rest.u8(at) == 0xFF) {
            at++;
        }
        if (!rest.slice(at, rest.length()).isAllZero()) {
            throw new MalformedEvidenceException(
                    STRUCTURE, start, "what follows the last event is neither another event nor padding");
        }
    }

    private static long u32(Bytes raw, int at) {
        return raw.u8(at) | raw.u8(at + 1) << 8 | raw.u8(at + 2) << 16 | (long) raw.u8(at + 3) << 24;
    }
}
