package io.countersign.verifier.policy;

import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.result.AttestationResult.Workload;
import io.countersign.verifier.result.PolicyIdentity;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.trust.Tolerances;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
     * @param valuesFrom the values files it draws in itself, with the digest of each
     */
    record Parts(
            Kind kind,
            String file,
            String id,
            String version,
            String summary,
            String source,
            List<PolicyIdentity> parents,
            List<PolicyIdentity> valuesFrom,
            Expectations expectations,
            Set<BindingMethod> bindings,
            Set<Freshness> freshness,
            KeyDemand key,
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
            valuesFrom = List.copyOf(valuesFrom);
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
        this.identity = CanonicalForm.identity(parts);
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

    /** The name of the file it was read from; empty for a draft. */
    public String file() {
        return parts.file();
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

    /** Whether the evidence must commit to a key. */
    public KeyDemand key() {
        return parts.key();
    }

    public Set<Freshness> freshness() {
        return parts.freshness();
    }

    public Tolerances tolerances() {
        return parts.tolerances();
    }

    /** The statuses at which a token may be made, if the policy may mint at all: see {@link #workload}. */
    public Set<TrustTier> mintable() {
        return parts.shadowOf().isPresent() ? Set.of() : parts.mintable();
    }

    /** The values files that it draws in itself, with the digest of each. */
    public List<PolicyIdentity> valuesFrom() {
        return parts.valuesFrom();
    }

    /**
     * What has aged at that instant: values that expired or soon will, and floors that nobody has compared with their
     * bulletins for long. Warnings, each placed in the file that says so.
     */
    public List<PolicyIssue> findings(Instant at) {
        return PolicyAge.of(this, at);
    }

    /** An error about a line of this policy's text, such as that a test of it fails. */
    public PolicyIssue errorAt(int line, String message, String suggestion) {
        var issues = new Issues(parts.file(), parts.source());
        issues.error(new Position(line, issues.columnOf(line)), message, suggestion);
        return issues.all().getFirst();
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
    public Workload workloadOf(Collection<String> cpuTypes, Instant at) {
        return workload(!cpuTypes.isEmpty() && cpuTypes.stream().allMatch(type -> pins(type, at)));
    }

    private Workload workload(boolean pinned) {
        if (parts.shadowOf().isPresent()) {
            return new Workload.NotPinned();
        }
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

    /** Why it lets any workload run, where it says so. */
    public Optional<String> anyWorkload() {
        return parts.anyWorkload();
    }
}
