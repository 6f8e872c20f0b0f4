package io.countersign.verifier.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.scheme.DeviceClass;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Finds what CEL would accept and nobody can mean: misspelt claims, literals that a claim can never equal, versions
 * compared as text. A rule that can never be false is worse than one that does not compile.
 */
final class RuleLint {
    private static final Set<String> ROOTS = Stream.concat(
                    Stream.of("references"), Stream.of(DeviceClass.values()).map(DeviceClass::word))
            .collect(Collectors.toUnmodifiableSet());

    private final ClaimVocabulary vocabulary;
    private final ClaimVocabulary.Scope scope;
    private final Map<String, ClaimType> variables;
    private final Map<String, ReferenceSet> references;
    private final ScalarNode require;
    private final ScalarPositions positions;
    private final Issues issues;
    private boolean sound = true;

    RuleLint(
            ClaimVocabulary vocabulary,
            ClaimVocabulary.Scope scope,
            Map<String, ClaimType> variables,
            Map<String, ReferenceSet> references,
            ScalarNode require,
            ScalarPositions positions,
            Issues issues) {
        this.vocabulary = vocabulary;
        this.scope = scope;
        this.variables = variables;
        this.references = references;
        this.require = require;
        this.positions = positions;
        this.issues = issues;
    }

    /** Whether nothing was found. */
    boolean inspect(CelAbstractSyntaxTree tree) {
        Map<Long, Integer> offsets = tree.getSource().getPositionsMap();
        CelNavigableAst.fromAst(tree).getRoot().allNodes().forEach(node -> inspect(node, offsets));
        return sound;
    }

    private void inspect(CelNavigableExpr node, Map<Long, Integer> offsets) {
        switch (node.getKind()) {
            case IDENT, SELECT -> {
                boolean outermost = node.parent()
                        .filter(parent -> parent.getKind() == CelExpr.ExprKind.Kind.SELECT)
                        .isEmpty();
                if (outermost) {
                    name(node.expr(), offsets);
                }
            }
            case CALL -> call(node.expr(), offsets);
            case COMPREHENSION -> {
                if (ROOTS.contains(node.expr().comprehension().iterVar())) {
                    error(node.expr(), offsets, "a variable cannot be named like a device or references", "rename it");
                }
            }
            case NOT_SET, CONSTANT, LIST, STRUCT, MAP -> {}
        }
    }

    private void name(CelExpr expression, Map<Long, Integer> offsets) {
        String name = CelWords.dottedName(expression).orElse("");
        String root = name.replaceFirst("\\..*", "");
        boolean nearRoot = name.contains(".") && Spelling.nearest(root, ROOTS).isPresent();
        if (!ROOTS.contains(root) && !nearRoot || declared(name)) {
            return;
        }
        if (root.equals("references")) {
            var known = references.keySet().stream()
                    .map(set -> CelWords.REFERENCES + set)
                    .toList();
            error(
                    root(expression),
                    offsets,
                    "this policy has no reference values " + name,
                    known.isEmpty() ? "declare them under references" : Spelling.suggestOrList(name, known));
        } else if (vocabulary.allVariables().contains(name)) {
            error(
                    root(expression),
                    offsets,
                    name + " is no claim of " + scope.word(),
                    "make the rule for the evidence that has this claim");
        } else {
            error(
                    root(expression),
                    offsets,
                    "there is no claim " + name + " for " + scope.word(),
                    Spelling.suggest(name, variables.keySet()));
        }
    }

    /** A variable, or a member call on one, which the checker judges. */
    private boolean declared(String name) {
        Predicate<String> known = variable -> variables.containsKey(variable)
                || variable.startsWith(CelWords.REFERENCES)
                        && references.containsKey(variable.substring(CelWords.REFERENCES.length()));
        String rest = name;
        while (!rest.isEmpty()) {
            if (known.test(rest)) {
                return true;
            }
            int dot = rest.lastIndexOf('.');
            rest = dot < 0 ? "" : rest.substring(0, dot);
        }
        return false;
    }

    private void call(CelExpr expression, Map<Long, Integer> offsets) {
        String function = expression.call().function();
        List<CelExpr> arguments = expression.call().args();
        if (function.equals(RegexLint.FUNCTION)) {
            RegexLint.objection(arguments.getLast())
                    .ifPresent(why -> error(
                            expression, offsets, why, "write a short pattern out, or compare with == and startsWith"));
        } else if (function.equals("dyn")) {
            error(expression, offsets, "dyn() is not used in rules: it switches type checking off", "remove it");
        } else if (function.equals(CelFunctions.VERSION_AT_LEAST)) {
            literals(arguments)
                    .filter(text -> !CelFunctions.isVersion(text))
                    .forEach(text -> error(
                            expression, offsets, "\"" + text + "\" is not a version", "write three numbers: 1.55.40"));
        } else if (function.equals(CelFunctions.BITS_SET)) {
            literals(arguments)
                    .filter(text -> !CelFunctions.isHex(text))
                    .forEach(text ->
                            error(expression, offsets, "\"" + text + "\" is not lowercase hex of whole bytes", ""));
        } else if (CelWords.ORDERS.contains(function) && arguments.stream().anyMatch(this::isVersion)) {
            error(
                    expression,
                    offsets,
                    "versions compared as text put 1.55.9 after 1.55.40",
                    "use version_at_least(claim, 'major.minor.build')");
        } else if (function.equals(CelWords.EQUALS) || function.equals(CelWords.NOT_EQUALS)) {
            comparable(arguments.getFirst(), List.of(arguments.getLast()), offsets);
            comparable(arguments.getLast(), List.of(arguments.getFirst()), offsets);
        } else if (function.equals(CelWords.IN)) {
            membership(arguments.getFirst(), arguments.getLast(), offsets);
        }
    }

    private void membership(CelExpr member, CelExpr list, Map<Long, Integer> offsets) {
        if (list.getKind() == CelExpr.ExprKind.Kind.LIST) {
            comparable(member, list.list().elements(), offsets);
            return;
        }
        Optional<String> variable = CelWords.dottedName(member).filter(variables::containsKey);
        Optional<ReferenceSet> set = CelWords.dottedName(list)
                .filter(name -> name.startsWith(CelWords.REFERENCES))
                .map(name -> references.get(name.substring(CelWords.REFERENCES.length())));
        if (variable.isPresent()
                && set.isPresent()
                && !variable.get()
                        .equals(scope.deviceClass().word() + "." + set.get().claim())) {
            error(
                    root(list),
                    offsets,
                    "references.%s holds values of %s, and is compared with %s"
                            .formatted(set.get().name(), set.get().claim(), variable.get()),
                    "compare like with like: otherwise the rule says nothing");
        }
    }

    /** A literal that a hex claim can never equal makes {@code !=} always true. */
    private void comparable(CelExpr claim, List<CelExpr> others, Map<Long, Integer> offsets) {
        Optional<ClaimType> type = CelWords.dottedName(claim).map(variables::get);
        if (type.orElse(null) instanceof ClaimType.Hex(int length)) {
            others.forEach(other -> literals(List.of(other))
                    .filter(text -> !CelFunctions.isHex(text) || text.length() != 2 * length)
                    .forEach(text -> error(
                            other,
                            offsets,
                            "this literal can never equal the claim, which is " + length + " bytes of lowercase hex",
                            "")));
        }
    }

    private boolean isVersion(CelExpr expression) {
        return CelWords.dottedName(expression).map(variables::get).orElse(null) instanceof ClaimType.Version;
    }

    private static Stream<String> literals(List<CelExpr> expressions) {
        return expressions.stream()
                .filter(expression -> expression.getKind() == CelExpr.ExprKind.Kind.CONSTANT)
                .map(CelExpr::constant)
                .filter(constant -> constant.getKind() == CelConstant.Kind.STRING_VALUE)
                .map(CelConstant::stringValue);
    }

    private static CelExpr root(CelExpr expression) {
        return expression.getKind() == CelExpr.ExprKind.Kind.SELECT
                ? root(expression.select().operand())
                : expression;
    }

    private void error(CelExpr at, Map<Long, Integer> offsets, String message, String suggestion) {
        sound = false;
        int offset = offsets.getOrDefault(at.id(), 0);
        boolean named = at.getKind() == CelExpr.ExprKind.Kind.CALL
                && Character.isLetter(at.call().function().charAt(0))
                && at.call().target().isEmpty();
        // CEL places a call at its parenthesis; people look for its name.
        int shown = named ? Math.max(0, offset - at.call().function().length()) : offset;
        issues.error(positions.locate(require, shown), message, suggestion);
    }
}
