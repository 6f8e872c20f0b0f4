package io.countersign.service.policies;

import io.countersign.verifier.policy.PolicyIssue;
import io.countersign.verifier.policy.PolicyParser;
import io.countersign.verifier.policy.PolicyReading;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes policies of texts: the only place here that calls the parser. */
final class PolicyCompiler {
    private final PolicyParser parser;
    private final PolicyParser.Acceptance acceptance;

    PolicyCompiler(PolicyParser parser, PolicyParser.Acceptance acceptance) {
        this.parser = parser;
        this.acceptance = acceptance;
    }

    /** How reading one text ended. */
    sealed interface Compiled {
        record Accepted(Loadable content, List<PolicyIssue> warnings) implements Compiled {
            public Accepted {
                warnings = List.copyOf(warnings);
            }
        }

        record Refused(List<PolicyIssue> issues) implements Compiled {
            public Refused {
                issues = List.copyOf(issues);
            }
        }
    }

    /** The id that a text declares or, of a text that cannot be read, seems to. */
    Optional<String> declaredId(String source) {
        return parser.declaredId(source);
    }

    /**
     * Reads texts that may draw in one another.
     *
     * @param lastGood drawn in where the text that declares the id is refused
     */
    Map<String, Compiled> compile(Map<String, String> sources, Collection<Loadable> lastGood) {
        var library = PolicyParser.Library.of(
                lastGood.stream().flatMap(each -> each.policy().stream()).toList(),
                lastGood.stream().flatMap(each -> each.values().stream()).toList());
        var compiled = new LinkedHashMap<String, Compiled>();
        parser.parseAll(sources, library, acceptance).forEach((file, reading) -> compiled.put(file, of(reading)));
        return compiled;
    }

    private static Compiled of(PolicyReading reading) {
        return switch (reading) {
            case PolicyReading.Accepted(var policy, var warnings) ->
                new Compiled.Accepted(new Loadable.OfPolicy(policy), warnings);
            case PolicyReading.AcceptedValues(var values, var warnings) ->
                new Compiled.Accepted(new Loadable.OfValues(values), warnings);
            case PolicyReading.Refused(var issues) -> new Compiled.Refused(issues);
        };
    }
}
