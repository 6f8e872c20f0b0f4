package io.countersign.verifier.policy;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelVariableResolver;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.result.Seen;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One submodule as rules read it, at one instant.
 *
 * @param prefix the class of devices, with its dot: {@code cpu.}
 * @param variables the claims that rules of the scope may read, by the names that they use
 */
record RuleView(String prefix, Map<String, ClaimType> variables, Claims claims, PolicyValues values, Instant at)
        implements CelVariableResolver {
    /** The value as expressions compute with it. */
    @Override
    public Optional<Object> find(String name) {
        Optional<Object> value = shown(name);
        return variables.get(name) instanceof ClaimType.Time ? value.map(time -> Instant.parse((String) time)) : value;
    }

    /** The value as claims hold it and people read it. */
    Optional<Object> shown(String name) {
        if (PolicyValues.names(name)) {
            return values.find(name, claims, at).map(value -> value);
        }
        return name.startsWith(prefix) ? claims.find(name.substring(prefix.length())) : Optional.empty();
    }

    Seen seen(String name) {
        return shown(name)
                .<Seen>map(value -> new Seen.Value(Shown.shortened(value)))
                .orElseGet(Seen.Absent::new);
    }

    Truth truth(CelRuntime.Program program) {
        try {
            return program.eval(this) instanceof Boolean met ? (met ? Truth.MET : Truth.NOT_MET) : Truth.UNKNOWN;
        } catch (CelEvaluationException | RuntimeException _) {
            // An evaluation error is never a pass, and never "not met" either: we could not know.
            return Truth.UNKNOWN;
        }
    }

    /** What the program says about why it has no answer. */
    String error(CelRuntime.Program program) {
        try {
            program.eval(this);
            return "an answer to the rule";
        } catch (CelEvaluationException | RuntimeException e) {
            return "an answer: the rule ended in an error, " + firstLine(e);
        }
    }

    private static String firstLine(Exception e) {
        return Shown.cut(String.valueOf(e.getMessage()).lines().findFirst().orElse("unnamed"), Shown.MAX_TEXT);
    }
}
