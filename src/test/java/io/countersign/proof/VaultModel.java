package io.countersign.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A MODEL of what the JWT auth methods of OpenBao and Vault ask of a token's claims once its signature is good. It is
 * neither of them: it is their rules written down, from OpenBao's internal/builtin/credential/jwt (efbed05, 1e88faf), Vault's
 * vault-plugin-auth-jwt (10ea64c) and the library both verify with, hashicorp/cap/jwt (07ebfec).
 *
 * @param config the mount's configuration as an operator writes it
 * @param role the role as an operator writes it
 */
record VaultModel(Flavour flavour, JsonNode config, JsonNode role) {
    /** Where the two differ. */
    enum Flavour {
        /** Cuts the fraction off a claim that is a number. */
        OPENBAO,
        /** Keeps it. */
        VAULT
    }

    /** How long a token without {@code exp} lives, or without {@code nbf} and {@code iat} lived. */
    private static final long DEFAULT_LEEWAY = 150;

    private static final long DEFAULT_SKEW = 60;

    /** Why a login with these claims is refused; empty when it is not. */
    Optional<String> refusal(JsonNode claims, Instant now) {
        return issuerAndSubject(claims)
                .or(() -> audience(claims))
                .or(() -> times(claims, now.getEpochSecond()))
                .or(() -> user(claims))
                .or(() -> boundClaims(claims));
    }

    private Optional<String> issuerAndSubject(JsonNode claims) {
        if (differs(config.path("bound_issuer"), claims.path("iss"))) {
            return Optional.of("invalid issuer");
        }
        return differs(role.path("bound_subject"), claims.path("sub"))
                ? Optional.of("invalid subject")
                : Optional.empty();
    }

    /** Not asked for is not checked. */
    private static boolean differs(JsonNode bound, JsonNode claim) {
        return !bound.asText().isEmpty() && !bound.equals(claim);
    }

    /** A token for somebody needs a role that says for whom; one of several is enough. */
    private Optional<String> audience(JsonNode claims) {
        List<JsonNode> named = elements(claims.path("aud"));
        List<JsonNode> bound = elements(role.path("bound_audiences"));
        if (bound.isEmpty()) {
            return named.isEmpty() ? Optional.empty() : Optional.of("audience claim found, none bound to the role");
        }
        return named.stream().anyMatch(bound::contains)
                ? Optional.empty()
                : Optional.of("aud matches no bound audience");
    }

    private Optional<String> times(JsonNode claims, long now) {
        long issued = claims.path("iat").asLong();
        long end = claims.path("exp").asLong();
        long begin = claims.path("nbf").asLong();
        if (issued == 0 && end == 0 && begin == 0) {
            return Optional.of("no iat, nbf or exp");
        }
        // The leeways only make up for what is absent; they do not lengthen what is there.
        if (end == 0) {
            end = Math.max(issued, begin) + leeway("expiration_leeway", DEFAULT_LEEWAY);
        }
        if (begin == 0) {
            begin = issued != 0 ? issued : end - leeway("not_before_leeway", DEFAULT_LEEWAY);
        }
        long skew = leeway("clock_skew_leeway", DEFAULT_SKEW);
        if (now + skew < begin) {
            return Optional.of("not yet valid");
        }
        if (now - skew > end) {
            return Optional.of("expired");
        }
        return now + skew < issued ? Optional.of("issued in the future") : Optional.empty();
    }

    /** Zero or absent is the default; negative is none. */
    private long leeway(String name, long byDefault) {
        long seconds = role.path(name).asLong();
        return seconds == 0 ? byDefault : Math.max(seconds, 0);
    }

    private Optional<String> user(JsonNode claims) {
        String name = role.path("user_claim").asText();
        JsonNode user = role.path("user_claim_json_pointer").asBoolean() ? find(claims, name) : claims.path(name);
        return user.isTextual() ? Optional.empty() : Optional.of("user claim \"%s\" is no string".formatted(name));
    }

    /** Every bound claim has to be there and to match; there is no "all of" and no "at least". */
    private Optional<String> boundClaims(JsonNode claims) {
        for (var bound : role.path("bound_claims").properties()) {
            JsonNode claim = find(claims, bound.getKey());
            if (claim.isMissingNode() || claim.isNull()) {
                return Optional.of("claim \"%s\" is missing".formatted(bound.getKey()));
            }
            if (claim.isObject()) {
                return Optional.of("claim \"%s\" is not a string, bool, int or list".formatted(bound.getKey()));
            }
            if (!matches(elements(bound.getValue()), claim)) {
                return Optional.of("claim \"%s\" does not match".formatted(bound.getKey()));
            }
        }
        return Optional.empty();
    }

    /** A name that begins with a slash is a JSON pointer, any other a member's name with whatever dots it has. */
    private static JsonNode find(JsonNode claims, String name) {
        return name.startsWith("/") ? claims.at(name) : claims.path(name);
    }

    /** Any element that equals any other: with lists on both sides, one in common is enough. */
    private boolean matches(List<JsonNode> bound, JsonNode claim) {
        boolean globs = role.path("bound_claims_type").asText("string").equals("glob");
        return elements(claim).stream().anyMatch(said -> bound.stream()
                .anyMatch(wanted -> globs ? glob(wanted, said) : equal(wanted, said, claim.isArray())));
    }

    private static boolean glob(JsonNode wanted, JsonNode said) {
        String pattern = Pattern.compile("\\*")
                .splitAsStream(wanted.asText() + "\u0000")
                .map(Pattern::quote)
                .collect(Collectors.joining(".*"));
        return wanted.isTextual() && said.isTextual() && (said.asText() + "\u0000").matches("(?s)" + pattern);
    }

    /** True is not "true". A number in a list is of another type than the role's, so it equals none. */
    private boolean equal(JsonNode wanted, JsonNode said, boolean inList) {
        if (wanted.getNodeType() != said.getNodeType()) {
            return false;
        }
        if (said.getNodeType() != JsonNodeType.NUMBER) {
            return wanted.equals(said);
        }
        return !inList && wanted.asText().equals(number(said.decimalValue()));
    }

    private String number(BigDecimal said) {
        return switch (flavour) {
            case OPENBAO -> said.toBigInteger().toString();
            case VAULT -> said.stripTrailingZeros().toPlainString();
        };
    }

    private static List<JsonNode> elements(JsonNode node) {
        var elements = new ArrayList<JsonNode>();
        if (node.isArray()) {
            node.forEach(elements::add);
        } else if (!node.isMissingNode() && !node.isNull()) {
            elements.add(node);
        }
        return elements;
    }
}
