package io.countersign.client.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.client.Bytes;
import io.countersign.client.StrictJson;
import io.countersign.client.token.Expectations.Allowance;
import io.countersign.client.token.Expectations.Demand;
import io.countersign.client.token.Refusal.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The claims of one token against what they must be. Contract, section 7. */
final class ClaimChecks {
    private static final String PROFILE = "tag:ietf.org,2026:rats/ear#03";
    private static final List<String> TEXTS = List.of(
            "iss",
            "sub",
            "aud",
            "jti",
            "eat_nonce",
            "ear_status",
            "countersign_policy_id",
            "countersign_policy_version",
            "countersign_policy_digest",
            "countersign_evidence_digest",
            "countersign_result_digest",
            "countersign_tee",
            "countersign_measurement",
            "countersign_binding",
            "countersign_freshness",
            "countersign_workload");
    private static final List<String> NUMBERS = List.of("iat", "nbf", "exp", "countersign_gpu_count");
    private static final List<String> BOOLEANS = List.of("countersign_debug", "countersign_key_bound");
    private static final List<String> OBJECTS = List.of("ear_verifier_id", "submods");
    /** Beginnings only; an end is an end (contract, section 5). */
    private static final Duration SKEW = Duration.ofSeconds(60);
    /** Beyond every date that a person means, and far from overflow. */
    private static final long LAST_SECOND = 1L << 40;

    private static final String NOT_OURS = "this token is not one that this version of Countersign makes";

    private final ObjectNode claims;
    private final Instant now;

    ClaimChecks(ObjectNode claims, Instant now) {
        this.claims = claims;
        this.now = now;
    }

    Map<String, Object> all() {
        return StrictJson.map(claims);
    }

    /** The profile first: it says which claims there must be. */
    void demandForm() throws RefusedException {
        String profile = StrictJson.text(claims, "eat_profile").orElse("none");
        if (!profile.equals(PROFILE)) {
            throw new RefusedException(
                    Code.PROFILE_UNKNOWN,
                    "eat_profile " + PROFILE,
                    profile,
                    "register the audience with the default dialect: the older one is for software that reads nothing else");
        }
        for (String claim : TEXTS) {
            if (!present(claim).isTextual() || present(claim).textValue().isEmpty()) {
                throw malformed(claim, "a text that is not empty");
            }
        }
        for (String claim : NUMBERS) {
            JsonNode value = present(claim);
            if (!value.isIntegralNumber()
                    || !value.canConvertToLong()
                    || value.longValue() < 0
                    || value.longValue() > LAST_SECOND) {
                throw malformed(claim, "a whole number from 0 to " + LAST_SECOND);
            }
        }
        for (String claim : BOOLEANS) {
            if (!present(claim).isBoolean()) {
                throw malformed(claim, "true or false");
            }
        }
        for (String claim : OBJECTS) {
            if (!present(claim).isObject() || present(claim).isEmpty()) {
                throw malformed(claim, "an object that is not empty");
            }
        }
        if (Bytes.ofBase64(text("eat_nonce")).isEmpty()) {
            throw malformed("eat_nonce", "base64url");
        }
        demandOneKeyOrNone();
    }

    /** RFC 7800, section 3.1: one key. And the flat claim says the same as cnf, or one of them is not ours. */
    private void demandOneKeyOrNone() throws RefusedException {
        JsonNode cnf = claims.path("cnf");
        boolean bound = claims.path("countersign_key_bound").booleanValue();
        boolean one = cnf.isObject() && cnf.size() == 1 && cnf.path("jwk").isObject();
        if (bound ? !one : !cnf.isMissingNode()) {
            throw malformed("cnf", "one jwk where countersign_key_bound is true, and absent where it is false");
        }
    }

    void demandStandard(String issuer, String audience) throws RefusedException {
        demandEqual(
                Code.ISSUER_WRONG,
                "iss",
                issuer,
                "configure the issuer as the service names itself, or attest elsewhere");
        demandEqual(
                Code.AUDIENCE_WRONG,
                "aud",
                audience,
                "attest for this audience: a token is for one relying party alone");
        long second = now.getEpochSecond();
        if (second >= number("exp")) {
            throw new RefusedException(
                    Code.EXPIRED,
                    "an end after " + Instant.ofEpochSecond(second),
                    Instant.ofEpochSecond(number("exp")).toString(),
                    "attest again; if this comes at once, compare the clocks");
        }
        for (String beginning : List.of("nbf", "iat")) {
            if (number(beginning) > second + SKEW.toSeconds()) {
                throw new RefusedException(
                        Code.NOT_YET_VALID,
                        beginning + " at most " + SKEW.toSeconds() + " s after " + Instant.ofEpochSecond(second),
                        Instant.ofEpochSecond(number(beginning)).toString(),
                        "compare the clocks of this machine and of the service");
            }
        }
    }

    void demand(Expectations expected) throws RefusedException {
        Set<String> statuses =
                expected.allowances.contains(Allowance.WARNING) ? Set.of("affirming", "warning") : Set.of("affirming");
        demandStatus("", claims, statuses);
        for (var device : claims.path("submods").properties()) {
            demandStatus(device.getKey() + ": ", device.getValue(), statuses);
        }
        demandStrictChoices(expected.allowances);
        demandFresh(expected);
        if (expected.policy.isPresent()) {
            demandEqual(
                    Code.POLICY_WRONG,
                    "countersign_policy_id",
                    expected.policy.get(),
                    "attest under this policy, which the audience must be allowed");
        }
        if (expected.policyDigest.isPresent()) {
            demandEqual(
                    Code.POLICY_DIGEST_WRONG,
                    "countersign_policy_digest",
                    expected.policyDigest.get(),
                    "the policy was changed: review it, then pin the new digest, or restore the old content");
        }
        if (!expected.tees.isEmpty() && !expected.tees.contains(text("countersign_tee"))) {
            throw new RefusedException(
                    Code.TEE_WRONG,
                    "one of " + expected.tees,
                    text("countersign_tee"),
                    "run the workload on such a machine");
        }
        if (expected.demands.contains(Demand.KEY_BOUND)
                && !claims.path("countersign_key_bound").booleanValue()) {
            throw new RefusedException(
                    Code.KEY_NOT_BOUND,
                    "a key that the evidence commits to, in cnf",
                    "none",
                    "send key with the attestation and make the evidence for it");
        }
        if (expected.gpus.isPresent() && number("countersign_gpu_count") != expected.gpus.getAsInt()) {
            throw new RefusedException(
                    Code.GPU_COUNT_WRONG,
                    expected.gpus.getAsInt() + " GPUs",
                    Long.toString(number("countersign_gpu_count")),
                    "attest with every GPU of the machine");
        }
    }

    private static void demandStatus(String where, JsonNode object, Set<String> statuses) throws RefusedException {
        // An absent status is no status: consumers that only compare for inequality let it pass.
        String status = StrictJson.text(object, "ear_status").orElse("absent");
        if (!statuses.contains(status)) {
            throw new RefusedException(
                    Code.STATUS_NOT_ADMITTED,
                    where + "ear_status of " + statuses,
                    where + status,
                    "see the result of the attestation for what is not as it should be");
        }
    }

    private void demandStrictChoices(Set<Allowance> allowances) throws RefusedException {
        JsonNode insecure = claims.path("countersign_insecure");
        boolean laboratory = !insecure.isMissingNode() || text("iss").endsWith("/insecure");
        if (laboratory && !allowances.contains(Allowance.INSECURE)) {
            throw new RefusedException(
                    Code.INSECURE,
                    "a token of hardware",
                    "one of a laboratory, whose evidence anybody can make",
                    "turn countersign.insecure.enabled off in the service");
        }
        if (claims.path("countersign_debug").booleanValue() && !allowances.contains(Allowance.DEBUG)) {
            throw new RefusedException(
                    Code.DEBUG,
                    "a guest that cannot be debugged",
                    "one whose memory the host may read",
                    "launch the guest without debugging");
        }
        if (!text("countersign_workload").equals("pinned") && !allowances.contains(Allowance.ANY_WORKLOAD)) {
            throw new RefusedException(
                    Code.WORKLOAD_NOT_PINNED,
                    "a policy that pins the workload",
                    text("countersign_workload"),
                    "use a policy with a rule over the measurement");
        }
    }

    private void demandFresh(Expectations expected) throws RefusedException {
        String freshness = expected.nonce.isPresent() ? "caller" : "challenge";
        demandEqual(
                Code.FRESHNESS_WRONG,
                "countersign_freshness",
                freshness,
                "a passport answers the service's challenge; a background check answers the relying party's own nonce");
        if (expected.nonce.isPresent() && !Bytes.ofBase64(text("eat_nonce")).equals(expected.nonce)) {
            throw new RefusedException(
                    Code.NONCE_WRONG, "the nonce of this request", "another", "make the evidence for this nonce");
        }
        if (expected.maxAge.isPresent()
                && now.getEpochSecond() - number("iat") > expected.maxAge.get().toSeconds()) {
            throw new RefusedException(
                    Code.TOO_OLD,
                    "issued at most " + expected.maxAge.get().toSeconds() + " s ago",
                    Instant.ofEpochSecond(number("iat")).toString(),
                    "attest again");
        }
    }

    private void demandEqual(Code code, String claim, String expected, String hint) throws RefusedException {
        if (!text(claim).equals(expected)) {
            throw new RefusedException(code, claim + " " + expected, text(claim), hint);
        }
    }

    private JsonNode present(String claim) throws RefusedException {
        JsonNode value = claims.path(claim);
        if (value.isMissingNode() || value.isNull()) {
            throw new RefusedException(Code.CLAIM_MISSING, "the claim " + claim, "none", NOT_OURS);
        }
        return value;
    }

    private static RefusedException malformed(String claim, String expected) {
        return new RefusedException(Code.CLAIM_MALFORMED, claim + ": " + expected, "something else", NOT_OURS);
    }

    private String text(String claim) {
        return claims.path(claim).textValue();
    }

    private long number(String claim) {
        return claims.path(claim).longValue();
    }
}
