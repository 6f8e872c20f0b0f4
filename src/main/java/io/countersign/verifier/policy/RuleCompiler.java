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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
            .build();

    private final ClaimVocabulary vocabulary;
    private final Map<String, ReferenceSet> references;
    private final ScalarPositions positions;
    private final Issues issues;
    private final Map<String, Cel> environments = new HashMap<>();

    RuleCompiler(
            ClaimVocabulary vocabulary,
            Map<String, ReferenceSet> references,
            ScalarPositions positions,
            Issues issues) {
        this.vocabulary = vocabulary;
        this.references = references;
        this.positions = positions;
        this.issues = issues;
    }

    /** The rule ready to be evaluated, or nothing and the reasons in the issues. */
    Optional<CompiledRule> compile(Rule rule, ScalarNode require) {
        Map<String, ClaimType> variables = vocabulary.variables(rule.scope());
        Cel cel = environments.computeIfAbsent(rule.scope().word(), _ -> environment(variables));
        try {
            CelValidationResult parsed = cel.parse(require.getValue());
            if (parsed.hasError()) {
                parsed.getErrors().forEach(issue -> report(issue, require));
                return Optional.empty();
            }
            var lint = new RuleLint(vocabulary, rule.scope(), variables, references, require, positions, issues);
            boolean sound = lint.inspect(parsed.getAst());
            CelValidationResult checked = cel.check(parsed.getAst());
            if (checked.hasError()) {
                checked.getErrors().stream()
                        .filter(issue -> sound || !issue.getMessage().startsWith("undeclared reference"))
                        .forEach(issue -> report(issue, require));
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
                validated.getErrors().forEach(issue -> report(issue, require));
                return Optional.empty();
            }
            return Optional.of(compiled(rule, cel, checked.getAst(), variables, require));
        } catch (CelValidationException | CelEvaluationException e) {
            issues.error(require, "this rule cannot be compiled: " + e.getMessage(), "");
            return Optional.empty();
        }
    }

    private CompiledRule compiled(
            Rule rule, Cel cel, CelAbstractSyntaxTree tree, Map<String, ClaimType> variables, ScalarNode require)
            throws CelEvaluationException {
        // What the checker resolved, and not how it was spelt: ".cpu.debug" reads cpu.debug too.
        var claims = new TreeSet<String>();
        var sets = new TreeSet<String>();
        tree.getReferenceMap().values().forEach(reference -> {
            if (variables.containsKey(reference.name())) {
                claims.add(reference.name());
            } else if (reference.name().startsWith(CelWords.REFERENCES)) {
                sets.add(reference.name().substring(CelWords.REFERENCES.length()));
            }
        });
        if (claims.isEmpty()) {
            issues.warning(require, "the rule \"" + rule.name() + "\" reads no claim, so no evidence changes it", "");
        }
        String prefix = rule.scope().deviceClass().word() + ".";
        return new CompiledRule(
                rule, cel.createProgram(tree), prefix, variables, claims, sets, Pin.of(tree.getExpr(), prefix));
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
        references
                .keySet()
                .forEach(name -> builder.addVar(CelWords.REFERENCES + name, ListType.create(SimpleType.STRING)));
        return builder.build();
    }

    private static CelType celType(ClaimType type) {
        return switch (type) {
            case ClaimType.Flag _ -> SimpleType.BOOL;
            case ClaimType.UnsignedInteger _ -> SimpleType.INT;
            case ClaimType.Text _, ClaimType.Version _, ClaimType.Hex _ -> SimpleType.STRING;
            case ClaimType.TextList _ -> ListType.create(SimpleType.STRING);
            case ClaimType.UnsignedIntegerList _ -> ListType.create(SimpleType.INT);
            case ClaimType.Time _ -> SimpleType.TIMESTAMP;
        };
    }

    private void report(CelIssue issue, ScalarNode require) {
        String message = issue.getMessage()
                .replaceFirst(" \\(candidates: .*", "")
                .replaceFirst(" \\(in container ''\\)", "")
                .replaceFirst(" expecting .*", "")
                .replace("mismatched input '<EOF>'", "the expression ends too early")
                .replaceAll("'_([^' ]+)_'", "'$1'");
        if (message.startsWith("expression code point size exceeds limit")) {
            message = "the expression is longer than " + MAX_EXPRESSION + " characters";
        }
        issues.error(locate(issue, require), "in CEL: " + message, suggestion(message));
    }

    private static String suggestion(String message) {
        if (message.startsWith("expected type 'bool'")) {
            return "a rule must be true or false: compare the value with something";
        }
        String name = undeclared(message);
        if (!name.isEmpty()) {
            return Spelling.suggest(
                    name,
                    List.of(CelFunctions.VERSION_AT_LEAST, CelFunctions.BITS_SET, "size", "matches", "timestamp"));
        }
        return "";
    }

    /** The name in "undeclared reference to 'name'", or the empty text. */
    private static String undeclared(String message) {
        String beginning = "undeclared reference to '";
        return message.startsWith(beginning)
                ? message.substring(beginning.length()).replaceFirst("'.*", "")
                : "";
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
        String name = undeclared(issue.getMessage());
        boolean call = !name.isEmpty() && offset < value.length && value[offset] == '(' && offset >= name.length();
        return positions.locate(require, call ? offset - name.length() : offset);
    }
}
