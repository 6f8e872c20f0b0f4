package io.countersign.verifier.policy;

import dev.cel.common.ast.CelExpr;
import dev.cel.runtime.CelRuntime;
import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.result.RuleResult;
import io.countersign.verifier.result.Seen;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A rule with its program. True is met and false is not; anything else, errors included, is undetermined. */
final class CompiledRule {
    /** How many names a result tells the values of: expressions can be long, and requests hold many devices. */
    private static final int MAX_SEEN = 16;

    private final Rule rule;
    private final CelRuntime.Program program;
    private final String prefix;
    private final Map<String, ClaimType> variables;
    private final Set<String> claims;
    private final Set<String> floors;
    private final Set<String> sets;
    private final Pin pin;
    private final CelExpr tree;
    private final Grounds grounds;
    private final List<String> shown;

    /** A rule that reads these claims, floors and reference values. */
    CompiledRule(
            Rule rule,
            CelRuntime.Program program,
            String prefix,
            Map<String, ClaimType> variables,
            Set<String> claims,
            Set<String> floors,
            Set<String> sets,
            Pin pin,
            CelExpr tree,
            Grounds grounds) {
        this.rule = rule;
        this.program = program;
        this.prefix = prefix;
        this.variables = Map.copyOf(variables);
        this.claims = new TreeSet<>(claims);
        this.floors = new TreeSet<>(floors);
        this.sets = new TreeSet<>(sets);
        this.pin = pin;
        this.tree = tree;
        this.grounds = grounds;
        this.shown = Stream.concat(this.claims.stream(), this.floors.stream())
                .limit(MAX_SEEN)
                .toList();
    }

    Rule rule() {
        return rule;
    }

    /** The reference values that it reads. */
    Set<String> sets() {
        return Collections.unmodifiableSet(sets);
    }

    /** The claims that it reads, as rules write them: {@code cpu.debug}. */
    Set<String> claims() {
        return Collections.unmodifiableSet(claims);
    }

    /** The floors that it reads, as rules write them: {@code floors.amd_sb_3019.snp}. */
    Set<String> floors() {
        return Collections.unmodifiableSet(floors);
    }

    Pin pin() {
        return pin;
    }

    /** The expression as parsed. */
    CelExpr tree() {
        return tree;
    }

    /**
     * How the rule ends for these claims, and why.
     *
     * @param label the submodule that the claims are of
     * @param absence why a claim that is absent may be so
     */
    RuleResult evaluate(String label, Claims found, PolicyValues values, Instant at, Absence absence) {
        var view = view(found, values, at);
        Truth truth = view.truth(program);
        Outcome outcome = truth == Truth.MET ? new Outcome.Passed(rule.because()) : explained(view, truth, absence);
        var saw = new LinkedHashMap<String, Seen>();
        shown.forEach(name -> saw.put(name, view.seen(name)));
        return new RuleResult(rule.name(), label, outcome, rule.because(), rule.origin(), saw);
    }

    /** How it ends where the evidence was rejected. */
    RuleResult notReached(String label, CheckId blockedBy) {
        return new RuleResult(
                rule.name(), label, new Outcome.NotReached(blockedBy), rule.because(), rule.origin(), Map.of());
    }

    /** How the rule ends, without why. */
    Truth truth(Claims found, PolicyValues values, Instant at) {
        return view(found, values, at).truth(program);
    }

    /** The operands that made it so. */
    Grounds.Finding finding(Claims found, PolicyValues values, Instant at) {
        return grounds.find(view(found, values, at));
    }

    private RuleView view(Claims found, PolicyValues values, Instant at) {
        return new RuleView(prefix, variables, found, values, at);
    }

    /** The program has decided; its operands only say why. */
    private Outcome explained(RuleView view, Truth truth, Absence absence) {
        var reasons = new Reasons(rule, view);
        Grounds.Finding finding = grounds.find(view);
        if (truth == Truth.NOT_MET) {
            return finding instanceof Grounds.Finding.NotMet(var wanted)
                    ? reasons.failed(wanted)
                    : reasons.failed(new Wanted.Just(whole()));
        }
        return reasons.open(
                finding instanceof Grounds.Finding.Open(var operands) ? operands : List.of(whole()),
                absence,
                view.error(program));
    }

    private Operand whole() {
        return new Operand(
                Shown.cut(rule.require(), Shown.MAX_TEXT),
                Optional.empty(),
                List.copyOf(claims),
                List.copyOf(floors),
                List.copyOf(sets),
                program);
    }
}
