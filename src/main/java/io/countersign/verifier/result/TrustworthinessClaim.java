package io.countersign.verifier.result;

import java.util.Optional;
import java.util.stream.Stream;

/** The eight claims of an AR4SI trustworthiness vector: draft-ietf-rats-ar4si, section 2.3.4. */
public enum TrustworthinessClaim {
    INSTANCE_IDENTITY("instance-identity"),
    CONFIGURATION("configuration"),
    EXECUTABLES("executables"),
    FILE_SYSTEM("file-system"),
    HARDWARE("hardware"),
    RUNTIME_OPAQUE("runtime-opaque"),
    STORAGE_OPAQUE("storage-opaque"),
    SOURCED_DATA("sourced-data");

    private final String word;

    TrustworthinessClaim(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    public static Optional<TrustworthinessClaim> of(String word) {
        return Stream.of(values()).filter(claim -> claim.word.equals(word)).findFirst();
    }
}
