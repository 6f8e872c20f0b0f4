package io.countersign.bench;

import io.countersign.service.policies.ShippedPolicies;
import io.countersign.service.wiring.Tees;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyReading;
import io.countersign.verifier.scheme.Schemes;
import java.util.LinkedHashMap;

/** Policies of benchmarks, which draw in what ships. */
final class BenchPolicies {
    private BenchPolicies() {}

    /** The policy {@code bench} of that text. */
    static AppraisalPolicy of(Schemes schemes, String source) {
        var sources = new LinkedHashMap<>(ShippedPolicies.texts());
        sources.put("bench.yaml", source);
        var readings = Tees.policyParser(schemes).parseAll(sources);
        if (readings.get("bench.yaml") instanceof PolicyReading.Accepted accepted) {
            return accepted.policy();
        }
        throw new IllegalStateException(readings.toString());
    }
}
