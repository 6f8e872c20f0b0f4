package io.countersign.trial;

import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.policy.Advisory;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.Expectations;
import io.countersign.verifier.policy.Freshness;
import io.countersign.verifier.policy.KeyDemand;
import io.countersign.verifier.result.AttestationResult.Workload;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.trust.Tolerances;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * In what two policies differ, with everything they draw in. Says "stricter" or "looser" only of what can be seen to be so in
 * the change itself; the text of rules is compared, not understood.
 */
public final class PolicyDiff {
    private final AppraisalPolicy before;
    private final AppraisalPolicy after;
    private final List<PolicyChange> changes = new ArrayList<>();

    private PolicyDiff(AppraisalPolicy before, AppraisalPolicy after) {
        this.before = before;
        this.after = after;
    }

    /** All differences, the weightiest first; empty when both judge the same in the same words. */
    public static List<PolicyChange> of(AppraisalPolicy before, AppraisalPolicy after) {
        var diff = new PolicyDiff(before, after);
        diff.compare();
        return diff.changes;
    }

    private void compare() {
        tokens();
        evidence();
        acceptance();
        tolerances();
        RuleDiff.compare(before.rules(), after.rules(), changes);
        ValueDiff.compare(before, after, changes);
        advisories();
        words("version", before.identity().version(), after.identity().version());
        words("summary", before.summary(), after.summary());
        if (!before.shadowOf().equals(after.shadowOf())) {
            changes.add(
                    PolicyChange.changed("%s, was: %s".formatted(shadow(after.shadowOf()), shadow(before.shadowOf()))));
        }
        if (!before.tests().equals(after.tests())) {
            changes.add(PolicyChange.neutral("its tests differ: %d, were %d"
                    .formatted(after.tests().size(), before.tests().size())));
        }
    }

    private static String shadow(Optional<String> of) {
        return of.map(id -> "it stands in the shadow of " + id + " and only counts")
                .orElse("it counts by itself");
    }

    private void words(String what, String was, String is) {
        if (!was.equals(is)) {
            changes.add(PolicyChange.neutral("the %s is \"%s\", was \"%s\"".formatted(what, is, was)));
        }
    }

    private void tokens() {
        addedAndRemoved(
                "tokens are made at the status",
                before.mintable().stream().map(TrustTier::word).toList(),
                after.mintable().stream().map(TrustTier::word).toList());
        if (mayMint(before) && mayMint(after)) {
            // What pins one type says nothing about another, so the answer may differ between them.
            var both = new TreeSet<>(before.expectations().cpuTypes());
            both.retainAll(after.expectations().cpuTypes());
            both.forEach(
                    type -> tokens(mayMint(before, type), mayMint(after, type), " for evidence of the type " + type));
        } else {
            tokens(mayMint(before), mayMint(after), "");
        }
        reason("any workload may run", before.anyWorkload(), after.anyWorkload());
    }

    private void tokens(boolean could, boolean can, String forWhat) {
        if (!could && can) {
            changes.add(PolicyChange.looser(
                    "tokens can be made now%s: it pins what may run, or says why not".formatted(forWhat)));
        } else if (could && !can) {
            changes.add(PolicyChange.stricter(
                    "no token can be made any more%s: it pins nothing that may run".formatted(forWhat)));
        }
    }

    /** At the earliest instant no reference value has expired: what policies say as long as all of them live. */
    private static boolean mayMint(AppraisalPolicy policy) {
        return !(policy.workload(Instant.MIN) instanceof Workload.NotPinned);
    }

    private static boolean mayMint(AppraisalPolicy policy, String cpuType) {
        return !(policy.workloadOf(List.of(cpuType), Instant.MIN) instanceof Workload.NotPinned);
    }

    private void evidence() {
        addedAndRemoved(
                "CPU evidence is taken of the type",
                before.expectations().cpuTypes(),
                after.expectations().cpuTypes());
        count("GPUs", before.expectations().gpus(), after.expectations().gpus());
        count(
                "switches",
                before.expectations().nvswitches(),
                after.expectations().nvswitches());
    }

    private void count(String what, Expectations.Count was, Expectations.Count is) {
        if (was.equals(is)) {
            return;
        }
        PolicyChange.Kind kind = PolicyChange.Kind.CHANGED;
        if (is.min() >= was.min() && is.max() <= was.max()) {
            kind = PolicyChange.Kind.STRICTER;
        } else if (is.min() <= was.min() && is.max() >= was.max()) {
            kind = PolicyChange.Kind.LOOSER;
        }
        changes.add(new PolicyChange(kind, "%s expected: %s, were %s".formatted(what, range(is), range(was))));
    }

    private static String range(Expectations.Count count) {
        return count.min() == count.max() ? String.valueOf(count.min()) : count.min() + " to " + count.max();
    }

    private void acceptance() {
        addedAndRemoved(
                "evidence is accepted with the binding",
                before.bindings().stream().map(BindingMethod::word).toList(),
                after.bindings().stream().map(BindingMethod::word).toList());
        addedAndRemoved(
                "freshness is accepted by",
                before.freshness().stream().map(Freshness::word).toList(),
                after.freshness().stream().map(Freshness::word).toList());
        if (before.key() != after.key()) {
            changes.add(
                    after.key() == KeyDemand.REQUIRED
                            ? PolicyChange.stricter("the evidence must commit to a key")
                            : PolicyChange.looser("the evidence need not commit to a key any more"));
        }
    }

    private void tolerances() {
        Tolerances was = before.tolerances();
        Tolerances is = after.tolerances();
        longer("revocation lists count after their end for", was.staleCrl(), is.staleCrl());
        longer("OCSP answers count for", was.ocspMaxAge(), is.ocspMaxAge());
        reason("certificates of reference values may be on hold", was.certificateHold(), is.certificateHold());
        reasons("left undetermined without harm: ", was.waivers(), is.waivers());
        reasons("tolerated TCB status: ", was.tcbStatuses(), is.tcbStatuses());
    }

    private void longer(String what, Duration was, Duration is) {
        int by = is.compareTo(was);
        if (by != 0) {
            changes.add(new PolicyChange(
                    by > 0 ? PolicyChange.Kind.LOOSER : PolicyChange.Kind.STRICTER,
                    "%s %s, was %s".formatted(what, is, was)));
        }
    }

    /** Things that are allowed, each with its reason. */
    private void reasons(String what, Map<String, String> was, Map<String, String> is) {
        var names = new TreeSet<>(was.keySet());
        names.addAll(is.keySet());
        for (String name : names) {
            reason(what + name, Optional.ofNullable(was.get(name)), Optional.ofNullable(is.get(name)));
        }
    }

    private void reason(String what, Optional<String> was, Optional<String> is) {
        if (was.isEmpty() && is.isPresent()) {
            changes.add(PolicyChange.looser("newly: %s, because \"%s\"".formatted(what, is.get())));
        } else if (was.isPresent() && is.isEmpty()) {
            changes.add(PolicyChange.stricter("no longer: %s".formatted(what)));
        } else if (!was.equals(is)) {
            changes.add(PolicyChange.neutral("%s: the reason is another, \"%s\"".formatted(what, is.orElse(""))));
        }
    }

    private void addedAndRemoved(String what, Collection<String> was, Collection<String> is) {
        var added = new TreeSet<>(is);
        added.removeAll(was);
        added.forEach(word -> changes.add(PolicyChange.looser("newly: %s %s".formatted(what, word))));
        var removed = new TreeSet<>(was);
        removed.removeAll(is);
        removed.forEach(word -> changes.add(PolicyChange.stricter("no longer: %s %s".formatted(what, word))));
    }

    private void advisories() {
        Map<String, Advisory> was = byName(before.advisories());
        Map<String, Advisory> is = byName(after.advisories());
        is.forEach((name, advisory) -> {
            Advisory earlier = was.get(name);
            if (earlier == null) {
                changes.add(PolicyChange.neutral("a new advisory \"%s\"".formatted(name)));
            } else if (!earlier.equals(advisory)) {
                changes.add(PolicyChange.neutral("the advisory \"%s\" is worded or shown otherwise".formatted(name)));
            }
        });
        was.keySet().stream()
                .filter(name -> !is.containsKey(name))
                .forEach(name -> changes.add(PolicyChange.neutral("the advisory \"%s\" is gone".formatted(name))));
    }

    private static Map<String, Advisory> byName(List<Advisory> advisories) {
        var byName = new TreeMap<String, Advisory>();
        advisories.forEach(advisory -> byName.put(advisory.name(), advisory));
        return byName;
    }
}
