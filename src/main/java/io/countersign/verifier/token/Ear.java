package io.countersign.verifier.token;

import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.result.TrustworthinessVector;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an EAT attestation result says, before it has the names of any draft.
 *
 * @param build of the verifier
 * @param confirmationKey the public JWK that the evidence commits to
 */
record Ear(String build, TrustTier status, List<Submodule> submodules, Optional<Map<String, Object>> confirmationKey) {
    static final String DEVELOPER = "Countersign";

    Ear {
        submodules = List.copyOf(submodules);
        confirmationKey = confirmationKey.map(LinkedHashMap::new).map(Collections::unmodifiableMap);
    }

    /**
     * One device's appraisal.
     *
     * @param policyId the policy applied, where it is told per device
     * @param eat claims of RFC 9711, which all drafts spell alike
     */
    record Submodule(
            String label,
            TrustTier status,
            TrustworthinessVector vector,
            Optional<String> policyId,
            Map<String, Object> eat) {}
}
