package io.countersign.verifier.policy;

import io.countersign.verifier.claim.ClaimType;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** How many bytes a hex claim can have; evidence types may differ. */
record HexLengths(SortedSet<Integer> bytes) {
    /** The lengths of all these types; empty when one of them is no hex. */
    static Optional<HexLengths> of(Collection<ClaimType> types) {
        var lengths = new TreeSet<Integer>();
        for (ClaimType type : types) {
            if (!(type instanceof ClaimType.Hex(int length))) {
                return Optional.empty();
            }
            lengths.add(length);
        }
        return lengths.isEmpty()
                ? Optional.empty()
                : Optional.of(new HexLengths(Collections.unmodifiableSortedSet(lengths)));
    }

    boolean meets(HexLengths other) {
        return !Collections.disjoint(bytes, other.bytes);
    }

    /** For people: {@code 32 or 48}. */
    String words() {
        return bytes.stream().map(String::valueOf).collect(Collectors.joining(" or "));
    }

    /** Why this text can never be the claim's. */
    Optional<String> objection(String written) {
        if (fits(written)) {
            return Optional.empty();
        }
        String wanted = "this literal can never equal the claim, which is " + words() + " bytes of lowercase hex";
        return Optional.of(CelFunctions.isHex(written) ? wanted + "; this one is " + written.length() / 2 : wanted);
    }

    /** The same value as the claim would show it, where that can be told. */
    String suggestion(String written) {
        String lower = written.toLowerCase(Locale.ROOT).replaceFirst("^0x", "").replaceAll("[ :]", "");
        return Optional.of(lower)
                .filter(this::fits)
                .or(() -> ofBase64(written))
                .map("write \"%s\""::formatted)
                .orElse("copy the whole value, as results show it");
    }

    private Optional<String> ofBase64(String written) {
        try {
            return Optional.of(HexFormat.of().formatHex(Base64.getDecoder().decode(written)))
                    .filter(this::fits);
        } catch (IllegalArgumentException _) {
            return Optional.empty(); // it is no base64 either
        }
    }

    private boolean fits(String text) {
        return CelFunctions.isHex(text) && bytes.contains(text.length() / 2);
    }
}
