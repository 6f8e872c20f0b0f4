package io.countersign.verifier.policy;

import com.google.common.collect.ImmutableSet;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelBuilder;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.validator.CelValidatorFactory;
import dev.cel.validator.validators.AstDepthLimitValidator;
import dev.cel.validator.validators.HomogeneousLiteralValidator;
import dev.cel.validator.validators.RegexLiteralValidator;
import dev.cel.validator.validators.TimestampLiteralValidator;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.result.TrustworthinessClaim;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Compiles one expression at a time, each on its own: joined as text, an unparenthesised {@code ||} in one rule would
 * switch off the others.
 */
final class RuleCompiler {
    private static final int MAX_EXPRESSION = 4096;
    private static final int MAX_DEPTH = 100;
    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .comprehensionMaxIterations(1000)
            .maxExpressionCodePointSize(MAX_EXPRESSION)
            .maxParseRecursionDepth(32)
            .maxParseErrorRecoveryLimit(10)
            .maxRegexProgramSize(1000)
            .populateMacroCalls(true) // so that an operand can be written back as its author wrote it
            .build();

    private final ClaimVocabulary vocabulary;
    private final PolicyValues values;
    private final DrawnIn drawnIn;
    private final ScalarPositions positions;
    private final Issues issues;
    private final Map<String, Cel> environments = new HashMap<>();
    private final Set<String> read = new HashSet<>();

    RuleCompiler(
            ClaimVocabulary vocabulary,
            PolicyValues values,
            DrawnIn drawnIn,
            ScalarPositions positions,
            Issues issues) {
        this.vocabulary = vocabulary;
        this.values = values;
        this.drawnIn = drawnIn;
        this.positions = positions;
        this.issues = issues;
    }

    /** The reference values and floors that what was compiled reads: {@code references.<name>}, {@code floors.<name>.…}. */
    Set<String> read() {
        return Collections.unmodifiableSet(read);
    }

    /** The advisory ready to be asked whether it shows, or nothing and the reasons in the issues. */
    Optional<CompiledAdvisory> compile(Advisory advisory, ScalarNode when) {
        var condition = new Rule(
                advisory.origin(),
                advisory.name(),
                advisory.scope(),
                advisory.when(),
                TrustworthinessClaim.CONFIGURATION,
                TrustTier.AFFIRMING.number(),
                TrustTier.WARNING,
                advisory.because(),
                advisory.hint());
        return compile(condition, when, "the advisory", RuleLogic.NeverFalse.MEANT)
                .map(compiled -> new CompiledAdvisory(advisory, compiled));
    }

    /** The rule ready to be evaluated, or nothing and the reasons in the issues. */
    Optional<CompiledRule> compile(Rule rule, ScalarNode require) {
        var neverFalse = TrustTier.ofValue(rule.affirms()) == TrustTier.AFFIRMING
                ? RuleLogic.NeverFalse.TOLD
                : RuleLogic.NeverFalse.MEANT;
        return compile(rule, require, "the rule", neverFalse);
    }

    private Optional<CompiledRule> compile(
            Rule rule, ScalarNode require, String what, RuleLogic.NeverFalse neverFalse) {
        Map<String, ClaimType> variables = vocabulary.variables(rule.scope());
        Cel cel = environments.computeIfAbsent(rule.scope().word(), _ -> environment(variables));
        try {
            CelValidationResult parsed = cel.parse(require.getValue());
            if (parsed.hasError()) {
                report(parsed.getErrors(), require, variables);
                return Optional.empty();
            }
            var places = new RulePlaces(parsed.getAst(), require, positions);
            boolean sound = new RuleLint(vocabulary, rule.scope(), values, drawnIn, places, issues).inspect();
            CelValidationResult checked = cel.check(parsed.getAst());
            if (checked.hasError()) {
                report(
                        checked.getErrors().stream()
                                .filter(issue -> sound || !issue.getMessage().startsWith("undeclared reference"))
                                .toList(),
                        require,
                        variables);
                return Optional.empty();
            }
            if (!sound) {
                return Optional.empty();
            }
            CelValidationResult validated = CelValidatorFactory.standardCelValidatorBuilder(cel)
                    .addAstValidators(
                            AstDepthLimitValidator.newInstance(MAX_DEPTH),
                            RegexLiteralValidator.INSTANCE,
                            TimestampLiteralValidator.INSTANCE,
                            HomogeneousLiteralValidator.newInstance())
                    .build()
                    .validate(checked.getAst());
            if (validated.hasError()) {
                report(validated.getErrors(), require, variables);
                return Optional.empty();
            }
            var facts = RuleLogic.facts(vocabulary, rule.scope(), values.references());
            if (!new RuleLogic(facts, issues, what, neverFalse).inspect(places)) {
                return Optional.empty();
            }
            return Optional.of(
                    compiled(rule, cel, parsed.getAst().getExpr(), checked.getAst(), variables, require, what));
        } catch (CelValidationException | CelEvaluationException e) {
            issues.error(require, what + " cannot be compiled: " + e.getMessage(), "");
            return Optional.empty();
        }
    }

    private CompiledRule compiled(
            Rule rule,
            Cel cel,
            CelExpr parsed,
            CelAbstractSyntaxTree tree,
            Map<String, ClaimType> variables,
            ScalarNode require,
            String what)
            throws CelEvaluationException {
        // What the checker resolved, and not how it was spelt: ".cpu.debug" reads cpu.debug too.
        var claims = new TreeSet<String>();
        var floors = new TreeSet<String>();
        var sets = new TreeSet<String>();
        tree.getReferenceMap().values().forEach(reference -> {
            if (PolicyValues.names(reference.name())) {
                read.add(reference.name());
            }
            if (variables.containsKey(reference.name())) {
                claims.add(reference.name());
            } else if (reference.name().startsWith(CelWords.FLOORS)) {
                floors.add(reference.name());
            } else if (reference.name().startsWith(CelWords.REFERENCES)) {
                sets.add(reference.name().substring(CelWords.REFERENCES.length()));
            }
        });
        if (claims.isEmpty()) {
            issues.warning(require, what + " \"" + rule.name() + "\" reads no claim, so no evidence changes it", "");
        }
        String prefix = rule.scope().deviceClass().word() + ".";
        return new CompiledRule(
                rule,
                cel.createProgram(tree),
                prefix,
                variables,
                claims,
                floors,
                sets,
                Pin.of(tree.getExpr(), prefix),
                parsed,
                GroundsCompiler.compile(cel, tree, variables));
    }

    private Cel environment(Map<String, ClaimType> variables) {
        CelBuilder builder = CelFactory.plannerCelBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(
                        ImmutableSet.of(CelStandardMacro.ALL, CelStandardMacro.EXISTS, CelStandardMacro.EXISTS_ONE))
                .setResultType(SimpleType.BOOL)
                .addFunctionDeclarations(CelFunctions.declarations())
                .addFunctionBindings(CelFunctions.bindings());
        variables.forEach((name, type) -> builder.addVar(name, celType(type)));
        values.floorVariables().forEach((name, type) -> builder.addVar(name, celType(type)));
        values.references()
                .keySet()
                .forEach(name -> builder.addVar(CelWords.REFERENCES + name, ListType.create(SimpleType.STRING)));
        return builder.build();
    }

    private static CelType celType(ClaimType type) {
        return switch (type) {
            case ClaimType.Flag _ -> SimpleType.BOOL;
            case ClaimType.UnsignedInteger _ -> SimpleType.INT;
            case ClaimType.Text _, ClaimType.Word _, ClaimType.Version _, ClaimType.Hex _ -> SimpleType.STRING;
            case ClaimType.TextList _ -> ListType.create(SimpleType.STRING);
            case ClaimType.UnsignedIntegerList _ -> ListType.create(SimpleType.INT);
            case ClaimType.Time _ -> SimpleType.TIMESTAMP;
        };
    }

    private void report(List<CelIssue> found, ScalarNode require, Map<String, ClaimType> variables) {
        for (CelIssue issue : CelAdvice.worthTelling(found)) {
            var advice = CelAdvice.of(issue.getMessage(), require.getValue(), variables.keySet());
            String message = advice.message().startsWith("expression code point size exceeds limit")
                    ? "the expression is longer than " + MAX_EXPRESSION + " characters"
                    : advice.message();
            issues.error(locate(issue, require), "in CEL: " + message, advice.suggestion());
        }
    }

    private Position locate(CelIssue issue, ScalarNode require) {
        int line = issue.getSourceLocation().getLine();
        int column = issue.getSourceLocation().getColumn();
        if (line < 1 || column < 0) {
            return positions.locate(require, 0);
        }
        int offset = 0;
        int[] value = require.getValue().codePoints().toArray();
        for (int seen = 1; seen < line && offset < value.length; offset++) {
            if (value[offset] == '\n') {
                seen++;
            }
        }
        offset += column;
        // CEL places a call at its parenthesis; people look for its name.
        String name = CelAdvice.undeclared(issue.getMessage());
        boolean call = !name.isEmpty() && offset < value.length && value[offset] == '(' && offset >= name.length();
        return positions.locate(require, call ? offset - name.length() : offset);
    }
}
