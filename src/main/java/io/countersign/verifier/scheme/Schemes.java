package io.countersign.verifier.scheme;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The explicit registry: the schemes this verifier was built with, by evidence type. */
public final class Schemes {
    private final List<AttestationScheme<?>> schemes;
    private final Map<String, AttestationScheme<?>> byId;

    public Schemes(List<AttestationScheme<?>> schemes) {
        this.schemes = List.copyOf(schemes);
        this.byId = schemes.stream().collect(Collectors.toUnmodifiableMap(AttestationScheme::id, Function.identity()));
    }

    public Optional<AttestationScheme<?>> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    public List<AttestationScheme<?>> all() {
        return schemes;
    }
}
