package io.countersign.verifier.result;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** AR4SI values by claim, from -128 to 127; a claim that is absent was not looked at. */
public record TrustworthinessVector(Map<TrustworthinessClaim, Integer> values) {
    public TrustworthinessVector {
        var copy = new EnumMap<TrustworthinessClaim, Integer>(TrustworthinessClaim.class);
        copy.putAll(values);
        copy.values().forEach(value -> {
            if (value < -128 || value > 127) {
                throw new IllegalArgumentException(value + " is not an AR4SI value");
            }
        });
        values = Collections.unmodifiableMap(copy);
    }

    /** The worst tier of its claims; an empty vector says nothing. */
    public TrustTier tier() {
        return TrustTier.worst(values.values().stream().map(TrustTier::ofValue).toList());
    }
}
