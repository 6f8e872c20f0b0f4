package io.countersign.cli;

import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.Expectations.Count;
import io.countersign.verifier.policy.Freshness;
import io.countersign.verifier.policy.ReferenceSet;
import io.countersign.verifier.policy.Rule;
import io.countersign.verifier.result.AttestationResult.Workload;
import io.countersign.verifier.result.TrustTier;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What {@link PolicyText} says, for programs: a policy with everything that it draws in. */
final class PolicyDocument {
    private PolicyDocument() {}

    static Map<String, Object> of(AppraisalPolicy policy, Instant at) {
        var document = new LinkedHashMap<String, Object>();
        document.put("id", policy.identity().id());
        document.put("version", policy.identity().version());
        document.put("digest", policy.identity().digestText());
        document.put("summary", policy.summary());
        var expect = new LinkedHashMap<String, Object>();
        expect.put("cpu", new TreeSet<>(policy.expectations().cpuTypes()));
        expect.put("gpu", count(policy.expectations().gpus()));
        expect.put("nvswitch", count(policy.expectations().nvswitches()));
        document.put("expect", expect);
        var accept = new LinkedHashMap<String, Object>();
        accept.put(
                "bindings",
                policy.bindings().stream().map(BindingMethod::word).sorted().toList());
        accept.put(
                "freshness",
                policy.freshness().stream().map(Freshness::word).sorted().toList());
        accept.put("key", policy.key().word());
        document.put("accept", accept);
        document.put(
                "mint", policy.mintable().stream().sorted().map(TrustTier::word).toList());
        document.put(
                "workload",
                switch (policy.workload(at)) {
                    case Workload.Pinned _ -> "pinned";
                    case Workload.AnyBecause _ -> "any";
                    case Workload.NotPinned _ -> "not-pinned";
                });
        policy.shadowOf().ifPresent(other -> document.put("shadow_of", other));
        document.put("rules", policy.rules().stream().map(PolicyDocument::of).toList());
        document.put(
                "references",
                policy.references().values().stream().map(set -> of(set, at)).toList());
        return document;
    }

    private static Map<String, Object> count(Count count) {
        var document = new LinkedHashMap<String, Object>();
        document.put("min", count.min());
        document.put("max", count.max());
        return document;
    }

    private static Map<String, Object> of(Rule rule) {
        var document = new LinkedHashMap<String, Object>();
        document.put("name", rule.name());
        document.put("origin", rule.origin());
        document.put("for", rule.scope().word());
        document.put("require", rule.require());
        document.put("because", rule.because());
        document.put("hint", rule.hint());
        return document;
    }

    private static Map<String, Object> of(ReferenceSet set, Instant at) {
        var document = new LinkedHashMap<String, Object>();
        document.put("name", set.name());
        document.put("claim", set.claim());
        document.put("note", set.note());
        document.put("owner", set.owner());
        set.expires().ifPresent(end -> document.put("expires", end.toString()));
        document.put("values", List.copyOf(set.values()));
        document.put("live", set.valuesAt(at).size());
        return document;
    }
}
