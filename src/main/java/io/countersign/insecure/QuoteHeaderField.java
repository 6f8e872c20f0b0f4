package io.countersign.insecure;

/** Every field of a quote's header. Intel SGX ECDSA Quote Library API, A.4, and Intel TDX DCAP Quoting Library API, A.3.1. */
public enum QuoteHeaderField {
    VERSION(0, 2),
    ATTESTATION_KEY_TYPE(2, 2),
    TEE_TYPE(4, 4),
    /** The quoting enclave's SVN in version 3, reserved later. */
    QE_SVN(8, 2),
    PCE_SVN(10, 2),
    QE_VENDOR_ID(12, 16),
    USER_DATA(28, 20);

    private final int offset;
    private final int length;

    QuoteHeaderField(int offset, int length) {
        this.offset = offset;
        this.length = length;
    }

    public int offset() {
        return offset;
    }

    public int length() {
        return length;
    }
}
