package io.countersign.verifier.tee.tdx.quote;

import io.countersign.verifier.bytes.ByteCursor;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.MalformedEvidenceException;

/**
 * An SGX enclave as the processor describes it: the body of an SGX quote, and the quoting enclave's own report in every
 * quote. Intel SGX ECDSA Quote Library API, "Enclave Report Body".
 *
 * @param attributes flags (8 bytes), then XFRM
 * @param reserved everything reserved, in order: 12, 32, 32 and 42 bytes
 */
public record EnclaveReport(
        Bytes cpuSvn,
        Bytes miscSelect,
        Bytes isvExtProdId,
        Bytes attributes,
        Bytes mrEnclave,
        Bytes mrSigner,
        Bytes configId,
        int isvProdId,
        int isvSvn,
        int configSvn,
        Bytes isvFamilyId,
        Bytes reportData,
        Bytes reserved)
        implements QuoteBody {
    public static final int LENGTH = 384;

    private static final int INIT = 1 << 0;
    private static final int DEBUG = 1 << 1;

    static EnclaveReport read(ByteCursor in) throws MalformedEvidenceException {
        Bytes cpuSvn = in.at(0).bytes(16);
        Bytes miscSelect = in.at(16).bytes(4);
        Bytes reservedAt20 = in.at(20).bytes(12);
        Bytes isvExtProdId = in.at(32).bytes(16);
        Bytes attributes = in.at(48).bytes(16);
        Bytes mrEnclave = in.at(64).bytes(32);
        Bytes reservedAt96 = in.at(96).bytes(32);
        Bytes mrSigner = in.at(128).bytes(32);
        Bytes reservedAt160 = in.at(160).bytes(32);
        Bytes configId = in.at(192).bytes(64);
        int isvProdId = in.at(256).u16();
        int isvSvn = in.at(258).u16();
        int configSvn = in.at(260).u16();
        Bytes reservedAt262 = in.at(262).bytes(42);
        Bytes isvFamilyId = in.at(304).bytes(16);
        Bytes reportData = in.at(320).bytes(64);
        return new EnclaveReport(
                cpuSvn,
                miscSelect,
                isvExtProdId,
                attributes,
                mrEnclave,
                mrSigner,
                configId,
                isvProdId,
                isvSvn,
                configSvn,
                isvFamilyId,
                reportData,
                Bytes.concat(reservedAt20, reservedAt96, reservedAt160, reservedAt262));
    }

    /** ATTRIBUTES.INIT: the enclave was initialised. No processor reports another. */
    public boolean initialised() {
        return (attributes.u8(0) & INIT) != 0;
    }

    /** ATTRIBUTES.DEBUG: the host may read and write the enclave's memory. */
    public boolean debug() {
        return (attributes.u8(0) & DEBUG) != 0;
    }
}
