package io.countersign.verifier.policy;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableExpr;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.scheme.DeviceClass;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds what CEL would accept and nobody can mean: misspelt claims, literals that a claim can never equal, versions
 * compared as text. A rule that can never be false is worse than one that does not compile.
 */
final class RuleLint {
    private static final Set<String> ROOTS = Stream.concat(
                    Stream.of("references", "floors"),
                    Stream.of(DeviceClass.values()).map(DeviceClass::word))
            .collect(Collectors.toUnmodifiableSet());

    private final ClaimVocabulary vocabulary;
    private final ClaimVocabulary.Scope scope;
    private final Map<String, Set<ClaimType>> variables;
    private final Map<String, ReferenceSet> references;
    private final PolicyValues values;
    private final DrawnIn drawnIn;
    private final RulePlaces places;
    private final Issues issues;
    private boolean sound = true;

    RuleLint(
            ClaimVocabulary vocabulary,
            ClaimVocabulary.Scope scope,
            PolicyValues values,
            DrawnIn drawnIn,
            RulePlaces places,
            Issues issues) {
        this.vocabulary = vocabulary;
        this.scope = scope;
        this.variables = vocabulary.types(scope);
        this.references = values.references();
        this.values = values;
        this.drawnIn = drawnIn;
        this.places = places;
        this.issues = issues;
    }

    /** Whether nothing was found. */
    boolean inspect() {
        places.tree().getRoot().allNodes().forEach(this::inspect);
        return sound;
    }

    private void inspect(CelNavigableExpr node) {
        switch (node.getKind()) {
            case IDENT, SELECT -> {
                boolean outermost = node.parent()
                        .filter(parent -> parent.getKind() == CelExpr.ExprKind.Kind.SELECT)
                        .isEmpty();
                if (outermost) {
                    name(node.expr());
                }
            }
            case CALL -> call(node.expr());
            case COMPREHENSION -> {
                if (ROOTS.contains(node.expr().comprehension().iterVar())) {
                    error(node.expr(), "a variable cannot be named like a device, references or floors", "rename it");
                }
            }
            case LIST -> doubled(node.expr().list().elements());
            case NOT_SET, CONSTANT, STRUCT, MAP -> {}
        }
    }

    private void name(CelExpr expression) {
        String name = CelWords.dottedName(expression).orElse("");
        String root = name.replaceFirst("\\..*", "");
        boolean nearRoot = name.contains(".") && Spelling.nearest(root, ROOTS).isPresent();
        if (!ROOTS.contains(root) && !nearRoot || declared(name)) {
            refuseOtherFloors(expression, name);
            return;
        }
        boolean drawable = root.equals("references") || root.equals("floors");
        if (drawable && drawnIn == DrawnIn.NOT_ALL) {
            // Perhaps the file that was refused declares it, and that file's mistake is told.
            sound = false;
        } else if (root.equals("references")) {
            var known = references.keySet().stream()
                    .map(set -> CelWords.REFERENCES + set)
                    .toList();
            error(
                    root(expression),
                    "this policy has no reference values " + name,
                    known.isEmpty() ? "declare them under references" : Spelling.suggestOrList(name, known));
        } else if (root.equals("floors")) {
            var known = values.floorVariables().keySet();
            error(
                    root(expression),
                    "this policy has no floor " + name,
                    known.isEmpty() ? "declare it under floors" : Spelling.suggestOrList(name, known));
        } else if (vocabulary.allVariables().contains(name)) {
            error(
                    root(expression),
                    name + " is no claim of " + scope.word(),
                    "make the rule for the evidence that has this claim");
        } else {
            error(
                    root(expression),
                    "there is no claim " + name + " for " + scope.word(),
                    Spelling.suggest(name, variables.keySet()));
        }
    }

    /** A floor of other evidence than the rule is about is never known, and the rule never met. */
    private void refuseOtherFloors(CelExpr expression, String name) {
        values.floors().values().stream()
                .filter(table -> name.startsWith(CelWords.FLOORS + table.name() + "."))
                .filter(table -> Collections.disjoint(table.scope().types(), scope.types()))
                .forEach(table -> error(
                        root(expression),
                        "%s is a floor for %s, and this is about %s"
                                .formatted(name, table.scope().word(), scope.word()),
                        "read it where for is " + table.scope().word()));
    }

    /** A variable, or a member call on one, which the checker judges. */
    private boolean declared(String name) {
        Predicate<String> known = variable -> variables.containsKey(variable)
                || values.floorVariables().containsKey(variable)
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

    private void call(CelExpr expression) {
        String function = expression.call().function();
        List<CelExpr> arguments = expression.call().args();
        if (function.equals(RegexLint.FUNCTION)) {
            anchored(expression, arguments.getLast());
            RegexLint.objection(arguments.getLast())
                    .ifPresent(why ->
                            error(expression, why, "write a short pattern out, or compare with == and startsWith"));
        } else if (function.equals("dyn")) {
            error(expression, "dyn() is not used in rules: it switches type checking off", "remove it");
        } else if (function.equals(CelFunctions.VERSION_AT_LEAST)) {
            literals(arguments)
                    .filter(text -> !CelFunctions.isVersion(text))
                    .forEach(text ->
                            error(expression, "\"" + text + "\" is not a version", "write three numbers: 1.55.40"));
        } else if (function.equals(CelFunctions.BITS_SET)) {
            literals(arguments)
                    .filter(text -> !CelFunctions.isHex(text))
                    .forEach(text -> error(
                            expression,
                            "\"" + text + "\" is not lowercase hex of whole bytes",
                            "write it without 0x, in lowercase and as long as the claim"));
        } else if (CelWords.ORDERS.contains(function) && sameClaim(arguments)) {
            withItself(arguments);
        } else if (CelWords.ORDERS.contains(function) && arguments.stream().anyMatch(this::isVersion)) {
            error(
                    expression,
                    "versions compared as text put 1.55.9 after 1.55.40",
                    "use version_at_least(claim, 'major.minor.build')");
        } else if (function.equals(CelWords.EQUALS) || function.equals(CelWords.NOT_EQUALS)) {
            if (sameClaim(arguments)) {
                withItself(arguments);
            }
            comparable(arguments.getFirst(), List.of(arguments.getLast()));
            comparable(arguments.getLast(), List.of(arguments.getFirst()));
        } else if (function.equals(CelWords.IN)) {
            membership(arguments.getFirst(), arguments.getLast());
        }
    }

    private void membership(CelExpr member, CelExpr list) {
        if (list.getKind() == CelExpr.ExprKind.Kind.LIST) {
            comparable(member, list.list().elements());
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
                    "references.%s holds values of %s, and is compared with %s"
                            .formatted(set.get().name(), set.get().claim(), variable.get()),
                    "compare it with %s.%s, or declare other values: claim: %s"
                            .formatted(
                                    scope.deviceClass().word(),
                                    set.get().claim(),
                                    variable.get()
                                            .substring(
                                                    scope.deviceClass().word().length() + 1)));
        }
    }

    /** A literal that a claim can never equal makes {@code !=} always true. */
    private void comparable(CelExpr claim, List<CelExpr> others) {
        Optional<String> name = CelWords.dottedName(claim).filter(variables::containsKey);
        if (name.isEmpty()) {
            return;
        }
        Set<ClaimType> types = variables.getOrDefault(name.get(), Set.of());
        Optional<HexLengths> hex = HexLengths.of(types);
        Optional<KnownWords> words = KnownWords.of(types);
        for (CelExpr other : others) {
            for (String text : literals(List.of(other)).toList()) {
                hex.flatMap(lengths -> lengths.objection(text))
                        .ifPresent(why -> error(other, why, hex.get().suggestion(text)));
                words.flatMap(known -> known.objection(name.get(), text))
                        .ifPresent(why -> error(other, why, words.get().suggestion(text)));
            }
            Optional<HexLengths> otherHex = CelWords.dottedName(other)
                    .flatMap(second -> HexLengths.of(variables.getOrDefault(second, Set.of())));
            if (hex.isPresent() && otherHex.isPresent() && !hex.get().meets(otherHex.get())) {
                error(
                        root(other),
                        "this claim is %s bytes and %s is %s: they can never be equal"
                                .formatted(
                                        otherHex.get().words(),
                                        name.get(),
                                        hex.get().words()),
                        "compare claims of one length");
            }
        }
    }

    private boolean sameClaim(List<CelExpr> operands) {
        Optional<String> left = CelWords.dottedName(operands.getFirst()).filter(variables::containsKey);
        return left.isPresent() && left.equals(CelWords.dottedName(operands.getLast()));
    }

    private void withItself(List<CelExpr> operands) {
        error(
                root(operands.getLast()),
                CelWords.dottedName(operands.getLast()).orElse("a claim") + " is compared with itself",
                "compare it with what it must be");
    }

    /** A literal pattern that is looked for anywhere is seldom meant where all characters count. */
    private void anchored(CelExpr expression, CelExpr pattern) {
        List<String> text = literals(List.of(pattern)).toList();
        boolean hex = expression
                .call()
                .target()
                .flatMap(CelWords::dottedName)
                .flatMap(name -> HexLengths.of(variables.getOrDefault(name, Set.of())))
                .isPresent();
        if (hex
                && text.size() == 1
                && !(text.getFirst().startsWith("^") && text.getFirst().endsWith("$"))) {
            issues.warning(
                    places.of(pattern),
                    "matches looks for its pattern anywhere in the claim, not for the whole claim",
                    "write ^ in front and $ behind, or compare with ==");
        }
    }

    private void doubled(List<CelExpr> elements) {
        var seen = new HashSet<CelConstant>();
        elements.stream()
                .filter(element -> element.getKind() == CelExpr.ExprKind.Kind.CONSTANT)
                .filter(element -> !seen.add(element.constant()))
                .forEach(element ->
                        issues.warning(places.of(element), "this stands in the list twice", "leave one of them out"));
    }

    private boolean isVersion(CelExpr expression) {
        return CelWords.dottedName(expression).map(variables::get).orElse(Set.of()).stream()
                .anyMatch(ClaimType.Version.class::isInstance);
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

    private void error(CelExpr at, String message, String suggestion) {
        sound = false;
        issues.error(places.of(at), message, suggestion);
    }
}
