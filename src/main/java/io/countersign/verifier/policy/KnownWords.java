package io.countersign.verifier.policy;

import io.countersign.verifier.claim.ClaimType;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** All words that a claim can be, where these are known; several evidence types may each have their own. */
record KnownWords(Set<String> words) {
    /** The words of all these types; empty when one of them is open. */
    static Optional<KnownWords> of(Collection<ClaimType> types) {
        var all = new LinkedHashSet<String>();
        for (ClaimType type : types) {
            if (!(type instanceof ClaimType.Word(var words))) {
                return Optional.empty();
            }
            all.addAll(words);
        }
        return all.isEmpty() ? Optional.empty() : Optional.of(new KnownWords(all));
    }

    /** Why this text can never be the claim's. */
    Optional<String> objection(String claim, String written) {
        return words.contains(written) ? Optional.empty() : Optional.of("%s is never \"%s\"".formatted(claim, written));
    }

    String suggestion(String written) {
        return words.stream()
                .filter(written::equalsIgnoreCase)
                .findFirst()
                .map("did you mean \"%s\"?"::formatted)
                .orElseGet(() -> Spelling.suggestOrList(written, words));
    }
}
