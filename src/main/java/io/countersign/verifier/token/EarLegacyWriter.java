package io.countersign.verifier.token;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The dotted names of draft-fv-rats-ear-05 under Veraison's profile, as its Go and Rust libraries and Trustee read them. The
 * overall {@code ear.status} is an addition that they ignore, for relying parties that look no deeper.
 */
record EarLegacyWriter() implements EarWriter {
    @Override
    public String profile() {
        return "tag:github.com,2023:veraison/ear";
    }

    @Override
    public void write(Ear ear, Map<String, Object> claims) {
        claims.put("ear.verifier-id", EarWriter.verifierId(ear));
        claims.put("ear.status", ear.status().word());
        var submodules = new LinkedHashMap<String, Object>();
        ear.submodules().forEach(submodule -> submodules.put(submodule.label(), appraisal(submodule)));
        claims.put("submods", submodules);
        ear.confirmationKey().ifPresent(key -> {
            claims.put("cnf", Map.of("jwk", key));
            claims.put("tee-pubkey", wrappingKey(key));
        });
    }

    private static Map<String, Object> appraisal(Ear.Submodule submodule) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("ear.status", submodule.status().word());
        claims.put("ear.trustworthiness-vector", EarWriter.vector(submodule));
        submodule.policyId().ifPresent(policy -> claims.put("ear.appraisal-policy-id", policy));
        claims.putAll(submodule.eat());
        return claims;
    }

    /**
     * Where Trustee's key broker looks for the key to wrap secrets to; it wants {@code alg}. The algorithm follows from the
     * kind of key, so it says nothing that the evidence does not commit to.
     */
    private static Map<String, Object> wrappingKey(Map<String, Object> key) {
        var copy = new LinkedHashMap<>(key);
        // What "cnf" names beside the key itself would only make a long token longer.
        copy.remove("kid");
        copy.put("alg", "RSA".equals(key.get("kty")) ? "RSA-OAEP-256" : "ECDH-ES+A256KW");
        return copy;
    }
}
