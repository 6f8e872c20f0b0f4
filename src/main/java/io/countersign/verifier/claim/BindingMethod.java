package io.countersign.verifier.claim;

import java.util.Optional;
import java.util.stream.Stream;

/** How evidence commits to a nonce, a key and its fellow devices. */
public enum BindingMethod {
    COUNTERSIGN_V1("countersign-v1"),
    NONCE("nonce"),
    NONE("none");

    private final String word;

    BindingMethod(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    public static Optional<BindingMethod> of(String word) {
        return Stream.of(values()).filter(method -> method.word.equals(word)).findFirst();
    }
}
