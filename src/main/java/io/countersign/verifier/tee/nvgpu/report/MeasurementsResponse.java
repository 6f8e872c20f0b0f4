package io.countersign.verifier.tee.nvgpu.report;

import io.countersign.verifier.bytes.ByteCursor;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the device answered. DMTF DSP0274, version 1.1, "Successful MEASUREMENTS response message format".
 *
 * @param measurements SHA-384 digests by the index that a RIM uses, which is the SPDM index less one
 * @param nonce the device's own random; it is not the challenge
 */
public record MeasurementsResponse(int param1, int param2, SortedMap<Integer, Bytes> measurements, Bytes nonce) {
    static final String STRUCTURE = "MEASUREMENTS";
    static final int CODE = 0x60;
    static final int HEAD = 8;
    static final int NONCE = 32;
    static final int SIGNATURE = 96;

    private static final String RECORD = "measurement record";

    public MeasurementsResponse {
        measurements = Collections.unmodifiableSortedMap(new TreeMap<>(measurements));
    }

    /** The response with what follows its own fields. */
    record Message(MeasurementsResponse response, Bytes opaque) {}

    static Message read(Bytes message) throws EvidenceException {
        SpdmHeader.requireVersion(STRUCTURE, message);
        return ByteCursor.readExactly(STRUCTURE, message, ByteOrder.LITTLE_ENDIAN, MeasurementsResponse::read);
    }

    private static Message read(ByteCursor in) throws MalformedEvidenceException {
        SpdmHeader.read(in, STRUCTURE, CODE);
        int param1 = in.at(2).u8(); // Param1
        int param2 = in.at(3).u8(); // Param2
        int blocks = in.at(4).u8(); // NumberOfBlocks
        int length = in.at(5).u16() | in.at(7).u8() << 16; // MeasurementRecordLength
        if (length != blocks * MeasurementBlock.LENGTH) {
            throw new MalformedEvidenceException(
                    STRUCTURE,
                    5,
                    "a measurement record of %d bytes; %d blocks have %d"
                            .formatted(length, blocks, blocks * MeasurementBlock.LENGTH));
        }
        Bytes record = in.at(HEAD).bytes(length); // MeasurementRecord
        Bytes nonce = in.at(HEAD + length).bytes(NONCE); // Nonce
        int opaqueLength = in.u16(); // OpaqueLength
        Bytes opaque = in.bytes(opaqueLength); // OpaqueData
        in.bytes(SIGNATURE); // Signature
        return new Message(new MeasurementsResponse(param1, param2, measurements(record, blocks), nonce), opaque);
    }

    private static SortedMap<Integer, Bytes> measurements(Bytes record, int blocks) throws MalformedEvidenceException {
        return ByteCursor.readExactly(RECORD, record, ByteOrder.LITTLE_ENDIAN, in -> {
            var measurements = new TreeMap<Integer, Bytes>();
            for (int i = 0; i < blocks; i++) {
                int offset = in.position();
                MeasurementBlock block = MeasurementBlock.read(in, RECORD);
                if (measurements.put(block.index() - 1, block.value()) != null) {
                    throw new MalformedEvidenceException(RECORD, offset, "a second block of index " + block.index());
                }
            }
            return measurements;
        });
    }
}
