package io.countersign.verifier.policy;

import java.util.Optional;
import java.util.stream.Stream;

/** Who made the nonce that evidence answers. */
public enum Freshness {
    /** This service, as a challenge that is spent once. */
    CHALLENGE("challenge"),
    /** An authenticated caller of an audience that allows it. */
    CALLER("caller");

    private final String word;

    Freshness(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    public static Optional<Freshness> of(String word) {
        return Stream.of(values())
                .filter(freshness -> freshness.word.equals(word))
                .findFirst();
    }
}
