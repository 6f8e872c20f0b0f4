package io.countersign.service.signing;

/** Which tokens a key signs; laboratory tokens never share a key with real ones. */
public enum KeyPurpose {
    PRODUCTION("signing"),
    INSECURE("insecure-signing");

    private final String word;

    KeyPurpose(String word) {
        this.word = word;
    }

    /** How names of files begin. */
    public String word() {
        return word;
    }
}
