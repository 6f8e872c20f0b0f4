package io.countersign.verifier.token;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.result.AdvisoryResult;
import io.countersign.verifier.result.Appraisal;
import io.countersign.verifier.result.AttestationResult;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes tokens of favourable results, and of nothing else. The claims are those of the contract, section 7. */
public final class TokenIssuer {
    /** Claims that name a hardware model, with its maker's private enterprise number: EAT oemid, RFC 9711, section 4.2.3. */
    private static final Map<String, Integer> MODELS =
            Map.of("snp.product", 3704, "tdx.fmspc", 343, "sgx.fmspc", 343, "hwmodel", 5703);

    private static final int MAX_ADVISORIES = 8;
    private static final int MAX_NAME = 100;

    private final TokenSigner signer;
    private final String build;

    /** Takes the build that {@code ear_verifier_id} names. */
    public TokenIssuer(TokenSigner signer, String build) {
        this.signer = signer;
        this.build = build;
    }

    /** Signs a token, or throws an {@link IllegalArgumentException} for a result that is not favourable. */
    public Token issue(AttestationResult result, RelyingParty relyingParty, TokenContext context) {
        if (!result.favourable()) {
            throw new IllegalArgumentException("no token is made of a result that is not favourable");
        }
        if (result.workload() instanceof AttestationResult.Workload.NotPinned) {
            throw new IllegalArgumentException("no token is made under a policy that pins no workload");
        }
        Instant issuedAt = Instant.ofEpochSecond(result.evaluatedAt().getEpochSecond());
        Instant end = issuedAt.plus(context.lifetime());
        Instant expiresAt = result.restsUntil().filter(end::isAfter).orElse(end);
        var claims = new LinkedHashMap<String, Object>();
        standardClaims(claims, result, relyingParty, context, issuedAt, expiresAt);
        flatClaims(claims, result, context);
        List<String> advisories = advisories(result);
        if (relyingParty.detail() == RelyingParty.Detail.FULL && !advisories.isEmpty()) {
            claims.put("countersign_advisories", advisories);
        }
        return new Token(signer.sign(relyingParty.typ(), claims), expiresAt);
    }

    private void standardClaims(
            Map<String, Object> claims,
            AttestationResult result,
            RelyingParty relyingParty,
            TokenContext context,
            Instant issuedAt,
            Instant expiresAt) {
        EarWriter writer = EarWriter.of(relyingParty.dialect());
        claims.put("eat_profile", writer.profile());
        claims.put("iss", context.issuer());
        claims.put("sub", result.policy().id());
        claims.put("aud", relyingParty.audience());
        claims.put("iat", issuedAt.getEpochSecond());
        claims.put("nbf", issuedAt.getEpochSecond());
        claims.put("exp", expiresAt.getEpochSecond());
        claims.put("jti", context.tokenId());
        // One string in every dialect: RFC 9711, section 4.1, wants an array to have two members or more.
        claims.put("eat_nonce", base64Url(result.binding().nonce()));
        writer.write(ear(result, relyingParty, context), claims);
    }

    private Ear ear(AttestationResult result, RelyingParty relyingParty, TokenContext context) {
        return new Ear(
                build,
                result.status(),
                result.submodules().stream()
                        .map(appraisal -> submodule(appraisal, result, relyingParty))
                        .toList(),
                context.confirmationKey());
    }

    private static Ear.Submodule submodule(Appraisal appraisal, AttestationResult result, RelyingParty relyingParty) {
        var eat = new LinkedHashMap<String, Object>();
        boolean cpu = appraisal.label().equals("cpu0");
        if (cpu) {
            find(appraisal, "debug")
                    .ifPresent(debug -> eat.put("dbgstat", debug.equals(true) ? "enabled" : "disabled-since-boot"));
        }
        if (relyingParty.detail() == RelyingParty.Detail.FULL) {
            MODELS.forEach((claim, maker) -> find(appraisal, claim).ifPresent(model -> {
                eat.put("oemid", maker);
                eat.put("hwmodel", base64Url(Bytes.utf8(model.toString())));
            }));
            // RFC 9711, section 4.2.17: results by measurement system, each with the id of what was compared.
            find(appraisal, "measurements_match")
                    .map(match -> match.equals(true) ? "success" : "fail")
                    .ifPresent(
                            outcome -> eat.put("measres", List.of(List.of("rim", List.of(List.of("all", outcome))))));
        }
        return new Ear.Submodule(
                appraisal.label(),
                appraisal.status(),
                appraisal.vector(),
                cpu ? Optional.of(result.policy().id()) : Optional.empty(),
                eat);
    }

    /** For relying parties that match strings: the same facts, flat. */
    private static void flatClaims(Map<String, Object> claims, AttestationResult result, TokenContext context) {
        claims.put("countersign_policy_id", result.policy().id());
        claims.put("countersign_policy_version", result.policy().version());
        claims.put("countersign_policy_digest", result.policy().digestText());
        claims.put("countersign_evidence_digest", "sha256:" + result.evidenceDigest());
        claims.put("countersign_result_digest", "sha256:" + context.resultDigest());
        result.submodules().stream()
                .filter(appraisal -> appraisal.label().equals("cpu0"))
                .findFirst()
                .ifPresent(cpu -> {
                    find(cpu, "tee").ifPresent(tee -> claims.put("countersign_tee", tee));
                    find(cpu, "launch_measurement")
                            .ifPresent(measurement -> claims.put("countersign_measurement", measurement));
                    find(cpu, "debug").ifPresent(debug -> claims.put("countersign_debug", debug));
                });
        GpuSummary gpus = GpuSummary.of(result.submodules());
        claims.put("countersign_gpu_count", gpus.count());
        gpus.model().ifPresent(model -> claims.put("countersign_gpu_model", model));
        gpus.mode().ifPresent(mode -> claims.put("countersign_cc_mode", mode));
        claims.put("countersign_binding", result.binding().method().word());
        claims.put("countersign_key_bound", context.confirmationKey().isPresent());
        claims.put("countersign_freshness", context.freshness().word());
        switch (result.workload()) {
            case AttestationResult.Workload.AnyBecause any -> {
                claims.put("countersign_workload", "any");
                claims.put("countersign_workload_reason", any.reason());
            }
            case AttestationResult.Workload.Pinned _ -> claims.put("countersign_workload", "pinned");
            case AttestationResult.Workload.NotPinned _ -> throw new IllegalStateException("refused above");
        }
        if (context.assurance() == TokenContext.Assurance.INSECURE) {
            claims.put("countersign_insecure", true);
        }
    }

    /** The names alone, so that a token stays small whatever a policy says; the result explains them. */
    private static List<String> advisories(AttestationResult result) {
        return result.advisories().stream()
                .map(AdvisoryResult::name)
                .map(name -> name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME - 1) + "…")
                .distinct()
                .limit(MAX_ADVISORIES)
                .toList();
    }

    private static Optional<Object> find(Appraisal appraisal, String path) {
        return appraisal.authentication().claims().flatMap((Claims claims) -> claims.find(path));
    }

    private static String base64Url(Bytes bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }
}
