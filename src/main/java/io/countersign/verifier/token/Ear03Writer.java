package io.countersign.verifier.token;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** draft-ietf-rats-ear-03: names with underscores, policy ids as an array, an overall status. */
record Ear03Writer() implements EarWriter {
    @Override
    public String profile() {
        return "tag:ietf.org,2026:rats/ear#03";
    }

    @Override
    public void write(Ear ear, Map<String, Object> claims) {
        claims.put("ear_verifier_id", EarWriter.verifierId(ear));
        claims.put("ear_status", ear.status().word());
        var submodules = new LinkedHashMap<String, Object>();
        ear.submodules().forEach(submodule -> submodules.put(submodule.label(), appraisal(submodule)));
        claims.put("submods", submodules);
        ear.confirmationKey().ifPresent(key -> claims.put("cnf", Map.of("jwk", key)));
    }

    private static Map<String, Object> appraisal(Ear.Submodule submodule) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("ear_status", submodule.status().word());
        claims.put("ear_trustworthiness_vector", EarWriter.vector(submodule));
        submodule.policyId().ifPresent(policy -> claims.put("ear_appraisal_policy_ids", List.of(policy)));
        claims.putAll(submodule.eat());
        return claims;
    }
}
