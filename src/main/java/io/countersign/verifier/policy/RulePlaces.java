package io.countersign.verifier.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Where the parts of a rule's expression stand in the policy's text. */
final class RulePlaces {
    private final CelNavigableAst tree;
    private final Map<Long, Integer> offsets;
    private final ScalarNode require;
    private final ScalarPositions positions;

    RulePlaces(CelAbstractSyntaxTree parsed, ScalarNode require, ScalarPositions positions) {
        this.tree = CelNavigableAst.fromAst(parsed);
        this.offsets = parsed.getSource().getPositionsMap();
        this.require = require;
        this.positions = positions;
    }

    CelNavigableAst tree() {
        return tree;
    }

    /** Of the expression's own sign: its operator, its name, its bracket. */
    Position of(CelExpr expression) {
        return positions.locate(require, offset(expression));
    }

    /** Of its first character, brackets around it left out; the rule's beginning when there is no such expression. */
    Position beginning(long id) {
        int first = tree.getRoot()
                .allNodes()
                .filter(node -> node.id() == id)
                .flatMap(CelNavigableExpr::allNodes)
                .map(CelNavigableExpr::expr)
                .filter(expression -> offsets.containsKey(expression.id()))
                .mapToInt(this::offset)
                .min()
                .orElse(0);
        return positions.locate(require, first);
    }

    private int offset(CelExpr expression) {
        int offset = offsets.getOrDefault(expression.id(), 0);
        boolean named = expression.getKind() == CelExpr.ExprKind.Kind.CALL
                && Character.isLetter(expression.call().function().charAt(0))
                && expression.call().target().isEmpty();
        // CEL places a call at its parenthesis; people look for its name.
        return named ? Math.max(0, offset - expression.call().function().length()) : offset;
    }
}
