package io.countersign.verifier.policy;

import dev.cel.bundle.Cel;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelReference;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.parser.CelUnparserFactory;
import dev.cel.runtime.CelEvaluationException;
import io.countersign.verifier.claim.ClaimType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Takes a checked rule apart and makes a program of each operand, once, when the policy is loaded. */
final class GroundsCompiler {
    /** A rule with more operands than anybody reads in a refusal stays whole, so that drafts cannot ask for many programs. */
    private static final int MAX_OPERANDS = 64;

    private static final String NOT = "!_";

    private final Cel cel;
    private final CelAbstractSyntaxTree tree;
    private final Map<String, ClaimType> variables;

    private GroundsCompiler(Cel cel, CelAbstractSyntaxTree tree, Map<String, ClaimType> variables) {
        this.cel = cel;
        this.tree = tree;
        this.variables = variables;
    }

    /**
     * The parts of the rule.
     *
     * @param tree as the checker of {@code cel} made it
     * @param variables the claims that the rule may read
     */
    static Grounds compile(Cel cel, CelAbstractSyntaxTree tree, Map<String, ClaimType> variables)
            throws CelEvaluationException {
        var compiler = new GroundsCompiler(cel, tree, variables);
        return count(tree.getExpr()) > MAX_OPERANDS
                ? new Grounds.Single(compiler.operand(tree.getExpr()))
                : compiler.grounds(tree.getExpr());
    }

    private static int count(CelExpr expression) {
        return splits(expression)
                ? expression.call().args().stream()
                        .mapToInt(GroundsCompiler::count)
                        .sum()
                : 1;
    }

    private static boolean splits(CelExpr expression) {
        return is(expression, CelWords.AND) || is(expression, CelWords.OR) || is(expression, CelWords.CONDITIONAL);
    }

    private static boolean is(CelExpr expression, String function) {
        return expression.getKind() == CelExpr.ExprKind.Kind.CALL
                && expression.call().function().equals(function);
    }

    private Grounds grounds(CelExpr expression) throws CelEvaluationException {
        if (!splits(expression)) {
            return new Grounds.Single(operand(expression));
        }
        if (is(expression, CelWords.CONDITIONAL)) {
            List<CelExpr> parts = expression.call().args();
            return new Grounds.Branch(grounds(parts.get(0)), grounds(parts.get(1)), grounds(parts.get(2)));
        }
        // CEL balances a && b && c into a tree of pairs: people wrote a list.
        String function = expression.call().function();
        var operands = new ArrayList<Grounds>();
        for (CelExpr each : flat(expression, function).toList()) {
            operands.add(grounds(each));
        }
        return function.equals(CelWords.AND) ? new Grounds.Every(operands) : new Grounds.OneOf(operands);
    }

    private static Stream<CelExpr> flat(CelExpr expression, String function) {
        return is(expression, function)
                ? expression.call().args().stream().flatMap(each -> flat(each, function))
                : Stream.of(expression);
    }

    private Operand operand(CelExpr expression) throws CelEvaluationException {
        var claims = new TreeSet<String>();
        var floors = new TreeSet<String>();
        var sets = new TreeSet<String>();
        CelNavigableExpr.fromExpr(expression)
                .allNodes()
                .flatMap(node -> tree.getReference(node.id()).stream())
                .map(CelReference::name)
                .forEach(name -> {
                    if (variables.containsKey(name)) {
                        claims.add(name);
                    } else if (name.startsWith(CelWords.FLOORS)) {
                        floors.add(name);
                    } else if (name.startsWith(CelWords.REFERENCES)) {
                        sets.add(name.substring(CelWords.REFERENCES.length()));
                    }
                });
        var part = CelAbstractSyntaxTree.newCheckedAst(
                expression, tree.getSource(), tree.getReferenceMap(), tree.getTypeMap());
        return new Operand(
                Shown.cut(demand(expression), Shown.MAX_TEXT),
                membership(expression),
                List.copyOf(claims),
                List.copyOf(floors),
                List.copyOf(sets),
                cel.createProgram(part));
    }

    private String demand(CelExpr expression) {
        if (is(expression, CelFunctions.VERSION_AT_LEAST)) {
            List<CelExpr> versions = expression.call().args();
            return words(versions.getFirst()) + " is at least " + words(versions.getLast());
        }
        if (is(expression, NOT)) {
            Optional<String> flag = claim(expression.call().args().getFirst());
            if (flag.isPresent()) {
                return flag.get() + " is false";
            }
        }
        return claim(expression).map(flag -> flag + " is true").orElseGet(() -> source(expression));
    }

    /** A literal text without its quotes, and anything else as rules write it. */
    private String words(CelExpr expression) {
        return expression.getKind() == CelExpr.ExprKind.Kind.CONSTANT
                        && expression.constant().getKind() == CelConstant.Kind.STRING_VALUE
                ? expression.constant().stringValue()
                : source(expression);
    }

    /** Written anew from the tree: white space, quotes and parentheses may differ from the file's. */
    private String source(CelExpr expression) {
        try {
            return CelUnparserFactory.newUnparser()
                    .unparse(CelAbstractSyntaxTree.newParsedAst(expression, tree.getSource()));
        } catch (RuntimeException _) {
            // A tree that cannot be written back is no reason to refuse the rule: the whole of it is shown instead.
            return tree.getSource().getContent().toString();
        }
    }

    private Optional<Operand.Membership> membership(CelExpr expression) {
        boolean negated = is(expression, NOT);
        CelExpr asked = negated ? expression.call().args().getFirst() : expression;
        if (!is(asked, CelWords.IN)) {
            return Optional.empty();
        }
        Optional<String> set = name(asked.call().args().getLast())
                .filter(name -> name.startsWith(CelWords.REFERENCES))
                .map(name -> name.substring(CelWords.REFERENCES.length()));
        return claim(asked.call().args().getFirst())
                .flatMap(claim -> set.map(name ->
                        new Operand.Membership(claim, name, negated ? Operand.Asked.NONE_OF : Operand.Asked.ONE_OF)));
    }

    private Optional<String> claim(CelExpr expression) {
        return name(expression).filter(variables::containsKey);
    }

    /** What the checker resolved, and not how it was spelt: ".cpu.debug" reads cpu.debug too. */
    private Optional<String> name(CelExpr expression) {
        return expression.getKind() == CelExpr.ExprKind.Kind.CALL
                ? Optional.empty()
                : tree.getReference(expression.id()).map(CelReference::name);
    }
}
