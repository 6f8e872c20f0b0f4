package io.countersign.verifier.tee.nvgpu.report;

import io.countersign.verifier.bytes.ByteCursor;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import java.nio.ByteOrder;

/**
 * What the device was asked. DMTF DSP0274, version 1.1, "GET_MEASUREMENTS request message format".
 *
 * @param param1 bit 0 asks for a signature
 * @param param2 which measurements; 0xFF asks for all
 * @param nonce the challenge
 */
public record MeasurementsRequest(int param1, int param2, Bytes nonce, int slotId) {
    static final String STRUCTURE = "GET_MEASUREMENTS";
    static final int LENGTH = 37;
    static final int CODE = 0xE0;

    static MeasurementsRequest read(Bytes message) throws EvidenceException {
        SpdmHeader.requireVersion(STRUCTURE, message);
        return ByteCursor.readExactly(STRUCTURE, message, ByteOrder.LITTLE_ENDIAN, MeasurementsRequest::read);
    }

    private static MeasurementsRequest read(ByteCursor in) throws MalformedEvidenceException {
        SpdmHeader.read(in, STRUCTURE, CODE);
        return new MeasurementsRequest(
                in.at(2).u8(), // Param1
                in.at(3).u8(), // Param2
                in.at(4).bytes(32), // Nonce
                in.at(36).u8()); // SlotIDParam
    }
}
