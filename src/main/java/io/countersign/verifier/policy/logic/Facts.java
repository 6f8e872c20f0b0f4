package io.countersign.verifier.policy.logic;

import io.countersign.verifier.claim.ClaimType;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What is known of the names in rules before there is any evidence.
 *
 * @param claims by the name that rules write, {@code cpu.snp.vmpl}: every type that some evidence type declares for it
 * @param references by the name that rules write, {@code references.images}: their values
 * @param lasting the same without values that have an end of their own: once that is over, "not in" is true of them
 */
public record Facts(
        Map<String, Set<ClaimType>> claims, Map<String, List<String>> references, Map<String, List<String>> lasting) {
    public Facts {
        claims = Map.copyOf(claims);
        references = Map.copyOf(references);
        lasting = Map.copyOf(lasting);
    }

    /** Of reference values none of which has an end of its own. */
    public Facts(Map<String, Set<ClaimType>> claims, Map<String, List<String>> references) {
        this(claims, references, references);
    }

    boolean isNumber(String name) {
        return isAll(name, ClaimType.UnsignedInteger.class);
    }

    boolean isTime(String name) {
        return isAll(name, ClaimType.Time.class);
    }

    private boolean isAll(String name, Class<? extends ClaimType> type) {
        Set<ClaimType> types = claims.getOrDefault(name, Set.of());
        return !types.isEmpty() && types.stream().allMatch(type::isInstance);
    }

    /** All words that the claim can be; empty when it is an open text or no text at all. */
    Optional<Set<String>> words(String name) {
        var words = new LinkedHashSet<String>();
        for (ClaimType type : claims.getOrDefault(name, Set.of())) {
            if (!(type instanceof ClaimType.Word(var these))) {
                return Optional.empty();
            }
            words.addAll(these);
        }
        return words.isEmpty() ? Optional.empty() : Optional.of(words);
    }

    /** How many characters the claim always has: hex of one length. */
    OptionalInt characters(String name) {
        List<ClaimType> types = List.copyOf(claims.getOrDefault(name, Set.of()));
        return types.size() == 1 && types.getFirst() instanceof ClaimType.Hex(int length)
                ? OptionalInt.of(2 * length)
                : OptionalInt.empty();
    }

    /** The same without closed sets of words: a rule that lists them all is meant to hold when more are added. */
    Facts withOpenWords() {
        var open = new LinkedHashMap<String, Set<ClaimType>>();
        claims.forEach((name, types) ->
                open.put(name, types.stream().anyMatch(ClaimType.Word.class::isInstance) ? TEXT : types));
        return new Facts(open, references, lasting);
    }

    private static final Set<ClaimType> TEXT = Set.of(new ClaimType.Text());
}
