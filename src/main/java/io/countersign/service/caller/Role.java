package io.countersign.service.caller;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What one may do. The words stand in configurations and in answers, and are for ever. */
public enum Role {
    /** Challenges, attestations, appraisals, and seeing what evidence says. */
    ATTEST("attest"),
    /** The texts of policies, and the values that a result was compared with. */
    READ_POLICIES("read-policies"),
    /** Metrics, and what health says beyond up or down. */
    OPERATE("operate");

    private final String word;

    Role(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    static Optional<Role> named(String word) {
        return Stream.of(values()).filter(role -> role.word.equals(word)).findFirst();
    }

    public static Set<Role> all() {
        return Set.copyOf(EnumSet.allOf(Role.class));
    }

    /** For sentences: {@code attest, operate}, or {@code nothing}. */
    public static String words(Set<Role> roles) {
        return roles.isEmpty()
                ? "nothing"
                : Stream.of(values()).filter(roles::contains).map(Role::word).collect(Collectors.joining(", "));
    }
}
