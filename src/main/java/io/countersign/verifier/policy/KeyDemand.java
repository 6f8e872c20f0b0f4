package io.countersign.verifier.policy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether evidence must commit to a key of the attester's, which the token then carries. */
public enum KeyDemand {
    /** Only the holder of that key can use what is wrapped to it. */
    REQUIRED("required"),
    /** A key is bound where the request brings one. */
    OPTIONAL("optional");

    private final String word;

    KeyDemand(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    static List<String> words() {
        return Stream.of(values()).map(KeyDemand::word).toList();
    }

    static Optional<KeyDemand> of(String word) {
        return Stream.of(values()).filter(each -> each.word.equals(word)).findFirst();
    }
}
