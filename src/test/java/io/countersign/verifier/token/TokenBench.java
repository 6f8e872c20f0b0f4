package io.countersign.verifier.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.CheckReport;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.claim.ClaimCatalogue;
import io.countersign.verifier.claim.ClaimDefinition;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.result.AdvisoryResult;
import io.countersign.verifier.result.Appraisal;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.result.AttestationResult.Workload;
import io.countersign.verifier.result.CompositeCheck;
import io.countersign.verifier.result.PolicyIdentity;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.result.TrustworthinessClaim;
import io.countersign.verifier.result.TrustworthinessVector;
import io.countersign.verifier.token.RelyingParty.Detail;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Results of whole machines and tokens made of them, signed with zeros. */
final class TokenBench {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PDI = "ffeeb20009e0be49";
    static final Map<String, Object> EC_KEY =
            Map.of("kty", "EC", "crv", "P-256", "x", "x".repeat(43), "y", "y".repeat(43), "kid", "t".repeat(43));
    private static final ClaimCatalogue CATALOGUE = new ClaimCatalogue(Stream.of(
                    "tee",
                    "launch_measurement",
                    "snp.product",
                    "model",
                    "board",
                    "cc_mode",
                    "hwmodel",
                    "pdi",
                    "ueid",
                    "leaf_serial",
                    "debug",
                    "measurements_match")
            .map(path -> new ClaimDefinition(
                    path,
                    path.equals("debug") || path.equals("measurements_match")
                            ? new ClaimType.Flag()
                            : new ClaimType.Text(),
                    "A claim."))
            .toList());

    private static Authentication genuine(Map<String, Object> values) {
        var outcomes = new EnumMap<CompositeCheck, Outcome>(CompositeCheck.class);
        for (CompositeCheck check : CompositeCheck.values()) {
            outcomes.put(check, new Outcome.Passed("It holds."));
        }
        Claims.Builder claims = Claims.of(CATALOGUE);
        values.forEach(claims::with);
        // The composite checks stand in for a device's own: any catalogue will do.
        return Authentication.conclude(
                CheckReport.covering(CompositeCheck.class, outcomes), claims::build, NOW.plusSeconds(600));
    }

    static Appraisal device(String label, String type, Map<String, Object> claims, TrustworthinessClaim... judged) {
        return device(label, type, claims, 2, judged);
    }

    /** A device of which these things were judged, all alike. */
    static Appraisal device(
            String label, String type, Map<String, Object> claims, int value, TrustworthinessClaim... judged) {
        var vector = new EnumMap<TrustworthinessClaim, Integer>(TrustworthinessClaim.class);
        for (TrustworthinessClaim claim : judged) {
            vector.put(claim, value);
        }
        return new Appraisal(label, type, genuine(claims), new TrustworthinessVector(vector));
    }

    static Appraisal cpu() {
        return device(
                "cpu0",
                "sev-snp",
                Map.of("tee", "sev-snp", "debug", false, "snp.product", "Genoa", "launch_measurement", "5f".repeat(48)),
                TrustworthinessClaim.INSTANCE_IDENTITY,
                TrustworthinessClaim.CONFIGURATION,
                TrustworthinessClaim.EXECUTABLES,
                TrustworthinessClaim.HARDWARE);
    }

    static Map<String, Object> h100() {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("model", "H100");
        claims.put("board", "1010/0200/882");
        claims.put("cc_mode", "on");
        claims.put("hwmodel", "GH100 A01 GSP BROM");
        claims.put("pdi", PDI);
        claims.put("ueid", "460032006552296075780760406069494258829212062021");
        claims.put("leaf_serial", "50948C723FC935C7BD14B7C22833DFBE1DFD1145");
        claims.put("measurements_match", true);
        return claims;
    }

    static Appraisal gpu(int number, UnaryOperator<Map<String, Object>> change) {
        return device(
                "gpu" + number,
                "nvidia-gpu",
                change.apply(h100()),
                TrustworthinessClaim.CONFIGURATION,
                TrustworthinessClaim.HARDWARE);
    }

    static Appraisal gpu(int number, String claim, String value) {
        return gpu(number, claims -> {
            claims.put(claim, value);
            return claims;
        });
    }

    static Appraisal without(int number, String... absent) {
        return gpu(number, claims -> {
            claims.keySet().removeAll(Set.of(absent));
            return claims;
        });
    }

    private static Appraisal nvswitch(int number) {
        return device(
                "nvswitch" + number,
                "nvidia-nvswitch",
                Map.of("hwmodel", "LS_10 A01 FSP BROM", "pdi", PDI, "measurements_match", true),
                TrustworthinessClaim.CONFIGURATION,
                TrustworthinessClaim.HARDWARE);
    }

    /** Signs as a signer does, but for the signature, whose length is that of ES256. */
    private static String sign(String typ, Map<String, Object> claims) {
        try {
            var header = Map.of("alg", "ES256", "typ", typ, "kid", "k".repeat(43));
            return base64(JSON.writeValueAsBytes(header)) + "." + base64(JSON.writeValueAsBytes(claims)) + "."
                    + base64(new byte[64]);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String token(Detail detail, Appraisal... beside) {
        return token(detail, List.of(), beside);
    }

    static String token(Detail detail, List<AdvisoryResult> advisories, Appraisal... beside) {
        var devices = new ArrayList<>(List.of(cpu()));
        devices.addAll(List.of(beside));
        return tokenOf(detail, advisories, devices);
    }

    static String tokenOf(Detail detail, List<AdvisoryResult> advisories, List<Appraisal> devices) {
        return tokenOf(Dialect.EAR, detail, Set.of(TrustTier.AFFIRMING), advisories, devices);
    }

    static String tokenOf(
            Dialect dialect,
            Detail detail,
            Set<TrustTier> mintable,
            List<AdvisoryResult> advisories,
            List<Appraisal> devices) {
        return tokenOf(dialect, detail, mintable, advisories, devices, EC_KEY);
    }

    static String tokenOf(
            Dialect dialect,
            Detail detail,
            Set<TrustTier> mintable,
            List<AdvisoryResult> advisories,
            List<Appraisal> devices,
            Map<String, Object> key) {
        var result = new AttestationResult(
                NOW,
                new PolicyIdentity("confidential-gpu-inference", "2026-11-23", Bytes.zeros(32)),
                new Workload.Pinned(),
                mintable,
                genuine(Map.of()).report(),
                devices,
                List.of(),
                advisories,
                new Binding(BindingMethod.COUNTERSIGN_V1, Bytes.zeros(48), Bytes.zeros(32)),
                Bytes.zeros(32),
                Optional.empty());
        var context = new TokenContext(
                "https://countersign.confidential.example.com",
                "t".repeat(22),
                TokenContext.MAX_LIFETIME,
                TokenContext.Freshness.CHALLENGE,
                Optional.of(key),
                Bytes.zeros(32),
                TokenContext.Assurance.PRODUCTION);
        return new TokenIssuer(TokenBench::sign, "countersign 1.0.0")
                .issue(
                        result,
                        new RelyingParty("https://kms.confidential.example.com", "eat+jwt", dialect, detail),
                        context)
                .compact();
    }

    static JsonNode claims(Detail detail, Appraisal... beside) {
        return read(token(detail, beside));
    }

    static JsonNode read(String token) {
        String body = token.replaceFirst("^[^.]*\\.", "").replaceFirst("\\..*", "");
        try {
            return JSON.readTree(new String(Base64.getUrlDecoder().decode(body), StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static Appraisal[] wholeMachine() {
        return Stream.concat(
                        Stream.iterate(0, i -> i + 1).limit(8).map(i -> gpu(i, "cc_mode", "ppcie")),
                        Stream.iterate(0, i -> i + 1).limit(4).map(TokenBench::nvswitch))
                .toArray(Appraisal[]::new);
    }

    private TokenBench() {}
}
