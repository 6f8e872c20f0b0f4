package io.countersign.verifier.policy;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.result.AttestationResult.Workload;
import io.countersign.verifier.result.PolicyIdentity;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.trust.Tolerances;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A policy, compiled, with everything it draws in. Immutable; made only by {@link PolicyParser}. */
public final class AppraisalPolicy {
    /** Where a policy came from. */
    public enum Kind {
        /** From the policies that the service was started with. */
        LOADED,
        /** From a request: for trying out, never for tokens. */
        DRAFT
    }

    /**
     * Everything a resolved policy consists of.
     *
     * @param parents the policies it draws in, with the digest of each
     */
    record Parts(
            Kind kind,
            String id,
            String version,
            String summary,
            String source,
            List<PolicyIdentity> parents,
            Expectations expectations,
            Set<BindingMethod> bindings,
            Set<Freshness> freshness,
            Tolerances tolerances,
            Set<TrustTier> mintable,
            Optional<String> anyWorkload,
            PolicyValues values,
            List<CompiledRule> rules,
            List<CompiledAdvisory> advisories,
            List<PolicyTest> tests,
            Optional<String> shadowOf) {
        Parts {
            parents = List.copyOf(parents);
            bindings = Set.copyOf(bindings);
            freshness = Set.copyOf(freshness);
            mintable = Set.copyOf(mintable);
            rules = List.copyOf(rules);
            advisories = List.copyOf(advisories);
            tests = List.copyOf(tests);
        }
    }

    private final Parts parts;
    private final PolicyIdentity identity;

    AppraisalPolicy(Parts parts) {
        this.parts = parts;
        this.identity = new PolicyIdentity(
                parts.id(),
                parts.version(),
                Bytes.utf8(CanonicalJson.write(canonical())).sha256());
    }

    /** Id, version, and the digest over the canonical form of this policy with everything it draws in. */
    public PolicyIdentity identity() {
        return identity;
    }

    public Kind kind() {
        return parts.kind();
    }

    public String summary() {
        return parts.summary();
    }

    /** The text it was read from. */
    public String source() {
        return parts.source();
    }

    public Expectations expectations() {
        return parts.expectations();
    }

    public Set<BindingMethod> bindings() {
        return parts.bindings();
    }

    public Set<Freshness> freshness() {
        return parts.freshness();
    }

    public Tolerances tolerances() {
        return parts.tolerances();
    }

    /** The statuses at which a token may be made, if the policy may mint at all: see {@link #workload}. */
    public Set<TrustTier> mintable() {
        return parts.mintable();
    }

    /** Its own rules and those it draws in. */
    public List<Rule> rules() {
        return parts.rules().stream().map(CompiledRule::rule).toList();
    }

    public Map<String, ReferenceSet> references() {
        return parts.values().references();
    }

    /** The floors that its rules read, its own and those it draws in. */
    public Map<String, FloorTable> floors() {
        return parts.values().floors();
    }

    /** Its own tests; those of policies that it draws in are theirs. */
    public List<PolicyTest> tests() {
        return parts.tests();
    }

    /** The policy beside which this one only counts what it would say; such a policy never lets a token be made. */
    public Optional<String> shadowOf() {
        return parts.shadowOf();
    }

    /** What it has to say beside its verdict, with what it draws in. */
    public List<Advisory> advisories() {
        return parts.advisories().stream().map(CompiledAdvisory::advisory).toList();
    }

    PolicyValues values() {
        return parts.values();
    }

    List<CompiledAdvisory> compiledAdvisories() {
        return parts.advisories();
    }

    /** Whether the policy pins what may run for any type that it admits, at that instant: reference values expire. */
    public Workload workload(Instant at) {
        return workload(parts.expectations().cpuTypes().stream().anyMatch(type -> pins(type, at)));
    }

    /** The same for the CPU evidence at hand: what pins one type says nothing about another. */
    Workload workloadOf(Collection<String> cpuTypes, Instant at) {
        return workload(!cpuTypes.isEmpty() && cpuTypes.stream().allMatch(type -> pins(type, at)));
    }

    private Workload workload(boolean pinned) {
        if (pinned) {
            return new Workload.Pinned();
        }
        return parts.anyWorkload().<Workload>map(Workload.AnyBecause::new).orElseGet(Workload.NotPinned::new);
    }

    private boolean pins(String type, Instant at) {
        return compiled().stream().anyMatch(rule -> pins(rule, type, at));
    }

    private boolean pins(CompiledRule rule, String type, Instant at) {
        // A rule that only warns is no pin where a warning is enough for a token.
        boolean binding = rule.rule().otherwise() == TrustTier.CONTRAINDICATED
                || !parts.mintable().contains(TrustTier.WARNING);
        return binding
                && rule.rule().scope().types().contains(type)
                && rule.pin().holds(to -> {
                    ReferenceSet set = references().get(to.set());
                    return set != null && set.claim().equals(to.claim()) && set.liveAt(at);
                });
    }

    List<CompiledRule> compiled() {
        return parts.rules();
    }

    List<PolicyIdentity> parents() {
        return parts.parents();
    }

    Optional<String> anyWorkload() {
        return parts.anyWorkload();
    }

    /** All of the resolved policy as plain values; what is not in here does not change a verdict or its explanation. */
    private Map<String, Object> canonical() {
        var form = new TreeMap<String, Object>();
        form.put("policy", parts.id());
        form.put("version", parts.version());
        form.put("summary", parts.summary());
        form.put(
                "extends",
                parts.parents().stream()
                        .map(parent -> Map.of("policy", parent.id(), "digest", parent.digestText()))
                        .toList());
        form.put("cpu_types", sorted(parts.expectations().cpuTypes()));
        form.put("gpu_count", parts.expectations().gpus().canonical());
        form.put("nvswitch_count", parts.expectations().nvswitches().canonical());
        form.put(
                "bindings",
                sorted(parts.bindings().stream().map(BindingMethod::word).toList()));
        form.put(
                "freshness",
                sorted(parts.freshness().stream().map(Freshness::word).toList()));
        form.put("crl_stale_for", parts.tolerances().staleCrl().toSeconds());
        form.put("ocsp_max_age", parts.tolerances().ocspMaxAge().toSeconds());
        parts.tolerances().certificateHold().ifPresent(reason -> form.put("certificate_hold", reason));
        form.put("waive", parts.tolerances().waivers());
        form.put("tcb_status", parts.tolerances().tcbStatuses());
        form.put("mint", sorted(parts.mintable().stream().map(TrustTier::word).toList()));
        parts.anyWorkload().ifPresent(reason -> form.put("any_workload", reason));
        var references = new TreeMap<String, Object>();
        references().forEach((name, set) -> references.put(name, canonical(set)));
        form.put("references", references);
        form.put(
                "rules",
                parts.rules().stream().map(rule -> canonical(rule.rule())).toList());
        return form;
    }

    private static Map<String, Object> canonical(ReferenceSet set) {
        var form = new TreeMap<String, Object>();
        form.put("claim", set.claim());
        form.put("note", set.note());
        form.put("owner", set.owner());
        set.expires().ifPresent(end -> form.put("expires", end.toString()));
        form.put("values", sorted(set.values()));
        return form;
    }

    private static Map<String, Object> canonical(Rule rule) {
        var form = new TreeMap<String, Object>();
        form.put("origin", rule.origin());
        form.put("name", rule.name());
        form.put("for", rule.scope().word());
        form.put("require", rule.require());
        form.put("sets", rule.sets().word());
        form.put("affirms", rule.affirms());
        form.put("otherwise", rule.otherwise().word());
        form.put("because", rule.because());
        form.put("hint", rule.hint());
        return form;
    }

    private static List<String> sorted(Collection<String> words) {
        var list = new ArrayList<>(words);
        Collections.sort(list);
        return list;
    }
}
