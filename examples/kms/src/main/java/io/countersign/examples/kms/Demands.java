package io.countersign.examples.kms;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.stereotype.Component;

/**
 * What makes a good token good enough for one secret. Whatever fails here is a 403. What a machine has to be is the policy's
 * business; here is checked that it was this policy that judged, and how.
 */
@Component
final class Demands {
    private final Settings settings;

    Demands(Settings settings) {
        this.settings = settings;
    }

    void meet(Jwt token, Settings.Secret secret) {
        Stream.of(always(), laboratory(), ofSecret(secret))
                .flatMap(List::stream)
                .filter(check -> !check.isMet(token))
                .findFirst()
                .ifPresent(check -> {
                    throw Refusal.forbidden(check.code(), check.expected(), check.foundIn(token), check.hint());
                });
    }

    private static List<Check> always() {
        return List.of(
                Check.claim(
                        "status-not-affirming", "ear_status", "affirming", "See why in the result of the attestation."),
                new Check(
                        "device-not-affirming",
                        "submods, each with ear_status affirming",
                        token -> token.getClaim("submods"),
                        Demands::allAffirming,
                        "See which device, and why, in the result of the attestation."),
                // Otherwise the secret would go to a key that somebody named, not to one that the hardware vouches for.
                Check.claim(
                        "key-not-bound",
                        "countersign_key_bound",
                        true,
                        "Attest with a key, so that the evidence commits to it."),
                // A policy without this gives tokens to anybody's own genuine machine.
                Check.claim(
                        "workload-not-pinned",
                        "countersign_workload",
                        "pinned",
                        "Use a policy that pins what may run."));
    }

    /** Laboratory anchors are keys that anybody can make. */
    private List<Check> laboratory() {
        return settings.laboratory()
                ? List.of()
                : List.of(
                        new Check(
                                "token-insecure",
                                "no countersign_insecure",
                                token -> token.getClaim("countersign_insecure"),
                                Objects::isNull,
                                "Run Countersign without laboratory anchors; or this KMS in a laboratory, with laboratory: true."));
    }

    private static List<Check> ofSecret(Settings.Secret secret) {
        return List.of(
                new Check(
                        "policy-differs",
                        "countersign_policy_id and countersign_policy_digest of: " + secret.policies(),
                        Demands::policy,
                        policy -> policy instanceof Policy(var id, var digest)
                                && secret.policies().stream().anyMatch(allowed -> allowed.is(id, digest)),
                        "Attest under the policy that this secret is released to. If it was changed on purpose, "
                                + "have its new digest reviewed and configured here."),
                new Check(
                        "gpu-count-differs",
                        "countersign_gpu_count " + Objects.requireNonNullElse(secret.gpuCount(), "of any value"),
                        token -> token.getClaim("countersign_gpu_count"),
                        count -> count instanceof Long number
                                && (secret.gpuCount() == null || number.equals(secret.gpuCount())),
                        "Attest all GPUs of the machine."),
                new Check(
                        "freshness-differs",
                        "countersign_freshness of " + secret.freshness(),
                        token -> token.getClaim("countersign_freshness"),
                        word -> word instanceof String text
                                && secret.freshness().contains(text),
                        "Attest with a challenge of Countersign's."));
    }

    private record Policy(@Nullable Object id, @Nullable Object digest) {
        @Override
        public String toString() {
            return id + " " + digest;
        }
    }

    private static Policy policy(Jwt token) {
        return new Policy(token.getClaim("countersign_policy_id"), token.getClaim("countersign_policy_digest"));
    }

    private static boolean allAffirming(@Nullable Object submods) {
        return submods instanceof Map<?, ?> devices
                && !devices.isEmpty()
                && devices.values().stream()
                        .allMatch(device ->
                                device instanceof Map<?, ?> claims && "affirming".equals(claims.get("ear_status")));
    }
}
