package io.countersign.verifier.tee.tdx.quote;

import io.countersign.verifier.bytes.ByteCursor;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.MalformedEvidenceException;

/**
 * The 48 bytes that every quote begins with. Intel TDX DCAP Quote Generation Library, "Quote Format", Quote Header.
 *
 * @param teeType 0x00 SGX, 0x81 TDX; reserved and zero in version 3
 * @param reserved version 3: QE SVN and PCE SVN of the platform, informational; reserved later
 * @param userData 20 bytes, of which the first 16 tell platforms apart; vouched for by nobody but the quoting enclave
 */
public record QuoteHeader(
        int version, int attestationKeyType, long teeType, Bytes reserved, Bytes qeVendorId, Bytes userData) {
    public static final int LENGTH = 48;

    /** ECDSA over P-256 with SHA-256, the only type that Intel ever issued. */
    public static final int ECDSA_P256 = 2;

    /** Intel's quoting enclaves: 939a7233-f79c-4ca9-940a-0db3957f0607. */
    public static final Bytes INTEL = Bytes.fromHex("939a7233f79c4ca9940a0db3957f0607");

    static QuoteHeader read(ByteCursor in) throws MalformedEvidenceException {
        return new QuoteHeader(
                in.at(0).u16(), // version
                in.at(2).u16(), // attestation key type
                in.at(4).u32(), // TEE type
                in.at(8).bytes(4), // QE SVN and PCE SVN, or reserved
                in.at(12).bytes(16), // QE vendor id
                in.at(28).bytes(20)); // user data
    }
}
