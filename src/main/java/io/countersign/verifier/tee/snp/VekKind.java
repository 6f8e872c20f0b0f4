package io.countersign.verifier.tee.snp;

/** The two kinds of key that sign reports: by chip (VCEK) or by cloud provider (VLEK). AMD 56860, SIGNING_KEY. */
public enum VekKind {
    VCEK("vcek"),
    VLEK("vlek");

    private final String word;

    VekKind(String word) {
        this.word = word;
    }

    /** As KDS paths and the claim {@code signing_key} write it. */
    public String word() {
        return word;
    }
}
