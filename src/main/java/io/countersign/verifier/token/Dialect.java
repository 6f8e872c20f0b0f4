package io.countersign.verifier.token;

import java.util.Arrays;
import java.util.Optional;

/**
 * Which draft's names an EAR has. The two do not read each other, and a token never has names of both: a rule that asks
 * whether {@code ear.status} differs from affirming finds nothing to differ in a token that spells it {@code ear_status}.
 */
public enum Dialect {
    /** draft-ietf-rats-ear-03. */
    EAR("ear"),
    /** The dotted names of draft-fv-rats-ear-05 and draft-ietf-rats-ear-00, which Veraison's libraries and Trustee read. */
    EAR_LEGACY("ear-legacy");

    private final String word;

    Dialect(String word) {
        this.word = word;
    }

    /** As configuration writes it. */
    public String word() {
        return word;
    }

    public static Optional<Dialect> of(String word) {
        return Arrays.stream(values())
                .filter(dialect -> dialect.word.equals(word))
                .findFirst();
    }
}
