package io.countersign.verifier.tee.tdx.eventlog;

import io.countersign.verifier.bytes.Bytes;
import java.util.Map;
import java.util.Optional;

/**
 * One record of a log. Its digest and its place among the records of its register are what a replay proves; type, name and
 * data are only what the log says.
 *
 * @param measurementRegister 0 MRTD, 1 to 4 RTMR0 to RTMR3, as CCEL counts them
 * @param name of a dstack event; empty in a CCEL
 * @param offset of the record in the log, in bytes
 */
record Event(
        int measurementRegister,
        long type,
        Map<DigestAlgorithm, Bytes> digests,
        String name,
        Bytes data,
        int offset,
        int length) {

    Event {
        digests = Map.copyOf(digests);
    }

    /** Whether a register was extended with it. TCG PC Client Platform Firmware Profile, 10.4.1: EV_NO_ACTION is not. */
    boolean measured() {
        return type != EventType.NO_ACTION;
    }

    Optional<Bytes> sha384() {
        return Optional.ofNullable(digests.get(DigestAlgorithm.SHA384));
    }

    /** RTMR0 to RTMR3 as 0 to 3; only for what was measured. */
    int rtmr() {
        return measurementRegister - 1;
    }
}
