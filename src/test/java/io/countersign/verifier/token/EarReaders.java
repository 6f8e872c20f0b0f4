package io.countersign.verifier.token;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A MODEL of what two libraries for EAR demand of a token's claims, written down from their behaviour: neither can be run
 * here. Go: github.com/veraison/ear at 961756e (2025-11). Rust: veraison/rust-ear at 975ba6f (2025-09).
 */
final class EarReaders {
    private static final Set<String> PROFILES =
            Set.of("tag:github.com,2023:veraison/ear", "tag:github.com,2024:confidential-containers/Trustee");
    private static final Set<String> TIERS = Set.of("none", "affirming", "warning", "contraindicated");
    private static final Set<String> VECTOR = Set.of(
            "instance-identity",
            "configuration",
            "executables",
            "file-system",
            "hardware",
            "runtime-opaque",
            "storage-opaque",
            "sourced-data");
    private static final Set<String> VERIFIER = Set.of("build", "developer");

    /** What the Go library says against these claims: what it misses, and what it cannot take. */
    static List<String> go(JsonNode claims) {
        var against = new ArrayList<String>();
        for (String mandatory : List.of("eat_profile", "iat", "ear.verifier-id", "submods")) {
            if (!claims.has(mandatory)) {
                against.add("missing " + mandatory);
            }
        }
        if (!PROFILES.contains(claims.path("eat_profile").asText())) {
            against.add("eat_profile");
        }
        // A single string of 8 to 88 characters, where RFC 9711 has arrays too.
        JsonNode nonce = claims.path("eat_nonce");
        if (!nonce.isMissingNode()
                && (!nonce.isTextual()
                        || nonce.asText().length() < 8
                        || nonce.asText().length() > 88)) {
            against.add("eat_nonce");
        }
        against.addAll(verifier(claims.path("ear.verifier-id")));
        if (claims.path("submods").isEmpty()) {
            against.add("submods");
        }
        claims.path("submods").properties().forEach(submodule -> {
            if (!submodule.getValue().has("ear.status")) {
                against.add("missing ear.status");
            }
            against.addAll(appraisal(submodule.getValue()));
        });
        return against;
    }

    /** What the Rust library says: it asks for no status and takes any profile, but refuses whatever names an audience. */
    static List<String> rust(JsonNode claims) {
        var against = new ArrayList<String>();
        if (claims.has("aud")) {
            against.add("aud");
        }
        if (claims.path("eat_profile").asText().isEmpty()) {
            against.add("eat_profile");
        }
        if (claims.path("iat").asLong() == 0) {
            against.add("iat");
        }
        if (claims.path("submods").isEmpty()) {
            against.add("submods");
        }
        against.addAll(verifier(claims.path("ear.verifier-id")));
        claims.path("submods").forEach(submodule -> against.addAll(appraisal(submodule)));
        return against;
    }

    /** Both members, as text, and no third. */
    private static List<String> verifier(JsonNode verifier) {
        return Stream.concat(
                        VERIFIER.stream()
                                .filter(name -> verifier.path(name).asText().isEmpty()),
                        names(verifier).filter(name -> !VERIFIER.contains(name)))
                .map(name -> "ear.verifier-id: " + name)
                .toList();
    }

    /** Unknown members of an appraisal are passed over; unknown members of its vector are not. */
    private static List<String> appraisal(JsonNode appraisal) {
        var against = new ArrayList<String>();
        if (appraisal.has("ear.status")
                && !TIERS.contains(appraisal.path("ear.status").asText())) {
            against.add("ear.status");
        }
        JsonNode policy = appraisal.path("ear.appraisal-policy-id");
        if (!policy.isMissingNode() && !policy.isTextual()) {
            against.add("ear.appraisal-policy-id");
        }
        appraisal.path("ear.trustworthiness-vector").properties().forEach(claim -> {
            boolean small = claim.getValue().isInt()
                    && claim.getValue().intValue() >= -128
                    && claim.getValue().intValue() <= 127;
            if (!VECTOR.contains(claim.getKey()) || !small) {
                against.add("ear.trustworthiness-vector: " + claim.getKey());
            }
        });
        return against;
    }

    private static Stream<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey);
    }

    private EarReaders() {}
}
