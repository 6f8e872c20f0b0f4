package io.countersign.verifier.token;

import java.util.LinkedHashMap;
import java.util.Map;

/** Writes an EAR's claims in one dialect. */
sealed interface EarWriter permits Ear03Writer, EarLegacyWriter {
    static EarWriter of(Dialect dialect) {
        return switch (dialect) {
            case EAR -> new Ear03Writer();
            case EAR_LEGACY -> new EarLegacyWriter();
        };
    }

    /** The {@code eat_profile}. */
    String profile();

    /** Adds the claims that have this dialect's names, {@code submods} and {@code cnf}. */
    void write(Ear ear, Map<String, Object> claims);

    /** Both members and no other: Veraison's libraries refuse a third. */
    static Map<String, Object> verifierId(Ear ear) {
        var verifier = new LinkedHashMap<String, Object>();
        verifier.put("developer", Ear.DEVELOPER);
        verifier.put("build", ear.build());
        return verifier;
    }

    /** The vector's own names have dashes in every draft. */
    static Map<String, Object> vector(Ear.Submodule submodule) {
        var vector = new LinkedHashMap<String, Object>();
        submodule.vector().values().forEach((claim, value) -> vector.put(claim.word(), value));
        return vector;
    }
}
