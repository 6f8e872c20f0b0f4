package io.countersign.verifier.tee.nvgpu.report;

import io.countersign.verifier.bytes.ByteCursor;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.bytes.UnsupportedEvidenceException;

/** What either message begins with. DMTF DSP0274, version 1.1, "Generic SPDM message format". */
final class SpdmHeader {
    private static final int VERSION_1_1 = 0x11;

    private SpdmHeader() {}

    /** To be asked first: a message of another version has another layout. */
    static void requireVersion(String structure, Bytes message) throws UnsupportedEvidenceException {
        if (message.length() > 0 && message.u8(0) != VERSION_1_1) {
            throw new UnsupportedEvidenceException(
                    structure, "SPDM version 0x%02x is not known; 0x11, version 1.1, is".formatted(message.u8(0)));
        }
    }

    /** Reads version and code, and leaves the cursor at Param1. */
    static void read(ByteCursor in, String structure, int code) throws MalformedEvidenceException {
        in.at(0).u8(); // SPDMVersion
        int found = in.at(1).u8(); // RequestResponseCode
        if (found != code) {
            throw new MalformedEvidenceException(
                    structure, 1, "message code 0x%02x; 0x%02x belongs here".formatted(found, code));
        }
    }
}
