package io.countersign.insecure;

import io.countersign.verifier.tee.tdx.quote.TeeType;

/** The forms of quotes that exist. */
public enum QuoteForm {
    SGX_V3(TeeType.SGX, 3, 384, 0),
    SGX_V4(TeeType.SGX, 4, 384, 0),
    TDX_V4(TeeType.TDX, 4, 584, 0),
    SGX_V5(TeeType.SGX, 5, 384, 1),
    TDX_10_V5(TeeType.TDX, 5, 584, 2),
    TDX_15_V5(TeeType.TDX, 5, 648, 3);

    private final TeeType tee;
    private final int version;
    private final int bodyLength;
    private final int bodyType;

    QuoteForm(TeeType tee, int version, int bodyLength, int bodyType) {
        this.tee = tee;
        this.version = version;
        this.bodyLength = bodyLength;
        this.bodyType = bodyType;
    }

    public TeeType tee() {
        return tee;
    }

    public int version() {
        return version;
    }

    public int bodyLength() {
        return bodyLength;
    }

    /** The type in version 5's descriptor; 0 where there is none. */
    int bodyType() {
        return bodyType;
    }

    /** Whether six bytes between header and body say what the body is. */
    boolean hasDescriptor() {
        return bodyType != 0;
    }
}
