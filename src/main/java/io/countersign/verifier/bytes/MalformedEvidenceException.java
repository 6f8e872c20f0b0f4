package io.countersign.verifier.bytes;

/** Bytes that are not the structure they are meant to be: says which structure, at which offset, and why. */
public final class MalformedEvidenceException extends EvidenceException {
    private static final long serialVersionUID = 1L;
    private final int offset;

    public MalformedEvidenceException(String structure, int offset, String why) {
        super(structure, "%s at offset 0x%03x: %s".formatted(structure, offset, why));
        this.offset = offset;
    }

    /** Bytes from the start of the structure. */
    public int offset() {
        return offset;
    }
}
