package io.countersign.verifier.result;

import java.util.Collection;
import java.util.Comparator;

/**
 * AR4SI trust tier, declared from best to worst. "None" is worse than a warning: what could not be evaluated is never
 * better than what was evaluated and found wanting in a known way.
 */
public enum TrustTier {
    AFFIRMING("affirming", 2),
    WARNING("warning", 32),
    NONE("none", 0),
    CONTRAINDICATED("contraindicated", 96);

    private final String word;
    private final int number;

    TrustTier(String word, int number) {
        this.word = word;
        this.number = number;
    }

    public String word() {
        return word;
    }

    /** The tier's number in AR4SI. */
    public int number() {
        return number;
    }

    /** The tier that an AR4SI value belongs to: draft-ietf-rats-ar4si, section 2.3.2. */
    public static TrustTier ofValue(int value) {
        if (value >= -1 && value <= 1) {
            return NONE;
        }
        if (value >= 2 && value <= 31 || value <= -2 && value >= -32) {
            return AFFIRMING;
        }
        if (value >= 32 && value <= 95 || value <= -33 && value >= -96) {
            return WARNING;
        }
        return CONTRAINDICATED;
    }

    public static TrustTier worst(Collection<TrustTier> tiers) {
        return tiers.stream().max(Comparator.naturalOrder()).orElse(NONE);
    }
}
