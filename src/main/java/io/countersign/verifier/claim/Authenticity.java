package io.countersign.verifier.claim;

/** Did genuine hardware really say this, now, to us? */
public enum Authenticity {
    GENUINE("genuine"),
    UNDETERMINED("undetermined"),
    REJECTED("rejected");

    private final String word;

    Authenticity(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }
}
