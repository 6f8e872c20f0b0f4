package io.countersign.verifier.tee.tdx.quote;

/** What a quote is about: the header's TEE type. */
public enum TeeType {
    SGX("sgx", 0x00000000L),
    TDX("tdx", 0x00000081L);

    private final String word;
    private final long code;

    TeeType(String word, long code) {
        this.word = word;
        this.code = code;
    }

    /** As evidence types, addresses and folders spell it. */
    public String word() {
        return word;
    }

    /** The value in the quote's header. */
    public long code() {
        return code;
    }
}
