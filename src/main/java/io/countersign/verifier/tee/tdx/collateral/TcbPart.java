package io.countersign.verifier.tee.tdx.collateral;

/** The parts of a TCB that Intel judges apart from each other. */
public enum TcbPart {
    /** Processor, BIOS, microcode, PCE, and the TDX module where it has no line of its own: {@code tcbLevels} of TCB info. */
    PLATFORM("platform"),
    /** The TDX module of a line of its own: {@code tdxModuleIdentities} of TCB info. */
    TDX_MODULE("TDX module"),
    /** The enclave that made the quote: {@code tcbLevels} of its identity. */
    QUOTING_ENCLAVE("quoting enclave");

    private final String text;

    TcbPart(String text) {
        this.text = text;
    }

    /** For people. */
    public String text() {
        return text;
    }
}
