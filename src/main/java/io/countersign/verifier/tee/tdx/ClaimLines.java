package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.claim.ClaimDefinition;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.claim.Claims;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Claims, each declared and filled on one line, so that neither can be forgotten. */
final class ClaimLines<F> {
    static final ClaimType FLAG = new ClaimType.Flag();
    static final ClaimType NUMBER = new ClaimType.UnsignedInteger();
    static final ClaimType TEXT = new ClaimType.Text();
    static final ClaimType TEXTS = new ClaimType.TextList();
    static final ClaimType TIME = new ClaimType.Time();

    private record Line<F>(ClaimDefinition definition, Function<F, Optional<?>> value) {}

    private final List<Line<F>> lines = new ArrayList<>();

    static ClaimType hex(int length) {
        return new ClaimType.Hex(length);
    }

    /** A claim that is always there. Integers are given as {@link Integer} and shown as any number. */
    ClaimLines<F> add(String path, ClaimType type, String meaning, Function<F, ?> value) {
        return addIf(path, type, meaning, facts -> Optional.of(value.apply(facts)));
    }

    /** A claim that is absent where there is no value. */
    ClaimLines<F> addIf(String path, ClaimType type, String meaning, Function<F, Optional<?>> value) {
        lines.add(new Line<>(new ClaimDefinition(path, type, meaning), value));
        return this;
    }

    List<ClaimDefinition> definitions() {
        return lines.stream().map(Line::definition).toList();
    }

    void fill(F facts, Claims.Builder claims) {
        for (Line<F> line : lines) {
            line.value()
                    .apply(facts)
                    .ifPresent(value -> claims.with(
                            line.definition().path(), value instanceof Integer number ? Long.valueOf(number) : value));
        }
    }
}
