package io.countersign.verifier.policy;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelVariableResolver;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.claim.Claims;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A rule with its program. True is met and false is not; anything else, errors included, is undetermined. */
final class CompiledRule {
    private final Rule rule;
    private final CelRuntime.Program program;
    private final String prefix;
    private final Map<String, ClaimType> variables;
    private final Set<String> claims;
    private final Set<String> sets;
    private final Pin pin;

    CompiledRule(
            Rule rule,
            CelRuntime.Program program,
            String prefix,
            Map<String, ClaimType> variables,
            Set<String> claims,
            Set<String> sets,
            Pin pin) {
        this.rule = rule;
        this.program = program;
        this.prefix = prefix;
        this.variables = Map.copyOf(variables);
        this.claims = new TreeSet<>(claims);
        this.sets = new TreeSet<>(sets);
        this.pin = pin;
    }

    Rule rule() {
        return rule;
    }

    /** The reference values that it reads. */
    Set<String> sets() {
        return java.util.Collections.unmodifiableSet(sets);
    }

    /** The claims that it reads, as rules write them: {@code cpu.debug}. */
    Set<String> claims() {
        return java.util.Collections.unmodifiableSet(claims);
    }

    Pin pin() {
        return pin;
    }

    /**
     * How the rule ends for these claims.
     *
     * @param absence why a claim that is absent may be so
     */
    Outcome evaluate(Claims found, PolicyValues values, Instant at, Outcome.Cause absence) {
        CelVariableResolver resolver = name ->
                PolicyValues.names(name) ? values.find(name, found, at).map(value -> value) : value(name, found);
        try {
            Object result = program.eval(resolver);
            if (result instanceof Boolean met) {
                return met ? new Outcome.Passed(rule.because()) : failed(found);
            }
        } catch (CelEvaluationException | RuntimeException e) {
            // An evaluation error is never a pass, and never "not met" either: we could not know.
            return undetermined(
                    found, values.references(), at, absence, "an answer: the rule ended in an error, " + firstLine(e));
        }
        return undetermined(found, values.references(), at, absence, "an answer to the rule");
    }

    private Optional<Object> value(String name, Claims found) {
        if (!name.startsWith(prefix)) {
            return Optional.empty();
        }
        Optional<Object> value = found.find(name.substring(prefix.length()));
        return variables.get(name) instanceof ClaimType.Time ? value.map(time -> Instant.parse((String) time)) : value;
    }

    private Outcome failed(Claims found) {
        String actual = claims.stream()
                .map(name ->
                        name + " = " + value(name, found).map(Object::toString).orElse("absent"))
                .collect(Collectors.joining(", "));
        return new Outcome.Failed(
                rule.require(),
                actual.isEmpty() ? "the rule reads no claim" : actual,
                rule.hint().isEmpty() ? rule.because() : rule.because() + " " + rule.hint());
    }

    private Outcome undetermined(
            Claims found,
            Map<String, ReferenceSet> references,
            Instant at,
            Outcome.Cause absence,
            String otherwiseMissing) {
        List<String> expired = sets.stream()
                .filter(name -> Optional.ofNullable(references.get(name))
                        .filter(set -> set.liveAt(at))
                        .isEmpty())
                .toList();
        List<String> absent =
                claims.stream().filter(name -> value(name, found).isEmpty()).toList();
        if (!expired.isEmpty()) {
            String name = expired.getFirst();
            String since = Optional.ofNullable(references.get(name))
                    .flatMap(ReferenceSet::expires)
                    .map(end -> ", which expired at " + end)
                    .orElse("");
            return new Outcome.Undetermined(
                    "live reference values for references." + name + since,
                    Outcome.Cause.NOT_IN_HAND,
                    "Renew the reference values in the policy, or remove the set and the rules that read it.");
        }
        if (!absent.isEmpty()) {
            return new Outcome.Undetermined(
                    (absent.size() == 1 ? "the claim " : "the claims ") + String.join(", ", absent),
                    absence,
                    rule.hint().isEmpty() ? rule.because() : rule.because() + " " + rule.hint());
        }
        return new Outcome.Undetermined(otherwiseMissing, Outcome.Cause.NOT_IN_HAND, rule.because());
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("unnamed");
    }
}
