package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.quote.TeeType;

/** SGX report bodies as a quoting enclave and as the laboratory's own enclave get them. */
final class SoftwareEnclave {
    static final int LENGTH = 384;

    /** INIT, MODE64 and PROVISIONKEY; x87, SSE and AVX-512 state. */
    private static final Bytes QE_ATTRIBUTES = Bytes.fromHex("1500000000000000e700000000000000");

    private static final Bytes OWN_ATTRIBUTES = Bytes.fromHex("0500000000000000e700000000000000");

    private SoftwareEnclave() {}

    /** Who signed Intel's quoting enclaves: the same for the laboratory's, whose quotes prove nothing. */
    static Bytes qeSigner(TeeType tee) {
        return switch (tee) {
            case SGX -> Bytes.fromHex("8c4f5775d796503e96137f77c68a829a0056ac8ded70140b081b094490c57bff");
            case TDX -> Bytes.fromHex("dc9e2a7c6f948f17474e34a7fc43ed030f7c1563f1babddf6340c82e0e54a8c5");
        };
    }

    static byte[] quotingEnclave(TeeType tee) {
        byte[] report = new byte[LENGTH];
        put(report, SgxField.CPUSVN, Bytes.fromHex("0404191b04ff00060000000000000000"));
        put(report, SgxField.ATTRIBUTES, QE_ATTRIBUTES);
        put(report, SgxField.MRENCLAVE, IntelMachine.named(tee.word() + " quoting enclave"));
        put(report, SgxField.MRSIGNER, qeSigner(tee));
        put(report, SgxField.ISVPRODID, LittleEndian.u16(tee == TeeType.TDX ? 2 : 1));
        put(report, SgxField.ISVSVN, LittleEndian.u16(tee == TeeType.TDX ? 7 : 11));
        return report;
    }

    static byte[] workload() {
        byte[] report = new byte[LENGTH];
        put(report, SgxField.CPUSVN, Bytes.fromHex("0404191b04ff00060000000000000000"));
        put(report, SgxField.ATTRIBUTES, OWN_ATTRIBUTES);
        put(report, SgxField.MRENCLAVE, IntelMachine.named("enclave"));
        put(report, SgxField.MRSIGNER, IntelMachine.named("enclave signer"));
        put(report, SgxField.ISVPRODID, LittleEndian.u16(7));
        put(report, SgxField.ISVSVN, LittleEndian.u16(1));
        return report;
    }

    /** Sets a field; a value that does not fill it exactly is an {@link IllegalArgumentException}. */
    static void put(byte[] report, SgxField field, Bytes value) {
        if (value.length() != field.length()) {
            throw new IllegalArgumentException(
                    "%s takes %d bytes, not %d".formatted(field, field.length(), value.length()));
        }
        System.arraycopy(value.toByteArray(), 0, report, field.offset(), value.length());
    }
}
