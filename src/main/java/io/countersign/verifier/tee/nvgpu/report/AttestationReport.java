package io.countersign.verifier.tee.nvgpu.report;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.MalformedEvidenceException;

/**
 * A report as received: the request, and the response that signs both. DMTF DSP0274, version 1.1, GET_MEASUREMENTS and
 * MEASUREMENTS. That request and response make sense is for a check to say.
 */
public record AttestationReport(
        Bytes raw, MeasurementsRequest request, MeasurementsResponse response, OpaqueData opaque) {
    /** Twice what NVIDIA's own interface can hold; genuine reports stay below 4.5 KiB. */
    public static final int MAX_LENGTH = 16 * 1024;

    private static final String STRUCTURE = "attestation report";

    /** Reads a report in which every opaque entry that is known has its form. */
    public static AttestationReport read(Bytes raw, DeviceKind kind) throws EvidenceException {
        if (raw.length() > MAX_LENGTH) {
            throw new MalformedEvidenceException(
                    STRUCTURE, MAX_LENGTH, "%d bytes; at most %d are read".formatted(raw.length(), MAX_LENGTH));
        }
        int cut = Math.min(raw.length(), MeasurementsRequest.LENGTH);
        MeasurementsRequest request = MeasurementsRequest.read(raw.slice(0, cut));
        MeasurementsResponse.Message message = MeasurementsResponse.read(raw.slice(cut, raw.length()));
        OpaqueData opaque = OpaqueData.read(message.opaque());
        opaque.requireForms(kind);
        return new AttestationReport(raw, request, message.response(), opaque);
    }

    /** What the signature covers, exactly as received. */
    public Bytes signedBytes() {
        return raw.slice(0, raw.length() - MeasurementsResponse.SIGNATURE);
    }

    /** r and s on P-384, 48 bytes each, big-endian. */
    public Bytes signature() {
        return raw.slice(raw.length() - MeasurementsResponse.SIGNATURE, raw.length());
    }
}
