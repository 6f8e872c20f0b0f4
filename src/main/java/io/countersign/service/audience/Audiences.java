package io.countersign.service.audience;

import io.countersign.service.config.CountersignConfig;
import io.countersign.verifier.token.Dialect;
import io.countersign.verifier.token.RelyingParty;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The audience register: the audience chooses the policy, never the attester. */
public final class Audiences {
    private static final Set<String> TYPES = Set.of("eat+jwt", "JWT");

    /**
     * One registered relying party.
     *
     * @param name the operator's name for it
     * @param policies ids, the first being its default
     * @param nonces whose make evidence fresh for it
     */
    public record Audience(String name, List<String> policies, RelyingParty relyingParty, Nonces nonces) {
        public String defaultPolicy() {
            return policies.getFirst();
        }
    }

    /** Whose nonces make evidence fresh. */
    public enum Nonces {
        CHALLENGES,
        /** Also those of callers that speak for the audience. */
        CHALLENGES_AND_CALLERS
    }

    private final Map<String, Audience> byUri = new HashMap<>();

    /** Reads the register; whatever is wrong with it stops the start, with a sentence that names the key. */
    public Audiences(Map<String, CountersignConfig.Audience> configured) {
        configured.forEach((name, entry) -> {
            if (byUri.put(entry.uri(), read("countersign.audiences." + name, name, entry)) != null) {
                throw new IllegalArgumentException("countersign.audiences: two audiences have the uri " + entry.uri());
            }
        });
    }

    private static Audience read(String key, String name, CountersignConfig.Audience entry) {
        if (!TYPES.contains(entry.typ())) {
            throw new IllegalArgumentException(key + ".typ is eat+jwt or JWT, not " + entry.typ());
        }
        Dialect dialect = Dialect.of(entry.dialect())
                .orElseThrow(() ->
                        new IllegalArgumentException(key + ".dialect is ear or ear-legacy, not " + entry.dialect()));
        if (entry.policies().isEmpty()) {
            throw new IllegalArgumentException(key + ".policies names no policy");
        }
        var detail =
                switch (entry.detail()) {
                    case "brief" -> RelyingParty.Detail.BRIEF;
                    case "full" -> RelyingParty.Detail.FULL;
                    default ->
                        throw new IllegalArgumentException(key + ".detail is brief or full, not " + entry.detail());
                };
        return new Audience(
                name,
                List.copyOf(entry.policies()),
                new RelyingParty(entry.uri(), entry.typ(), dialect, detail),
                entry.callerNonce() ? Nonces.CHALLENGES_AND_CALLERS : Nonces.CHALLENGES);
    }

    public Optional<Audience> find(String uri) {
        return Optional.ofNullable(byUri.get(uri));
    }

    public Iterable<Audience> all() {
        return List.copyOf(byUri.values());
    }
}
