package io.countersign.verifier.policy.logic;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Expressions as text: equal for equal expressions, and readable as far as rules are. */
final class Expressions {
    private static final int SHOWN = 60;
    private static final int SHOWN_LITERAL = 24;
    private static final Map<String, String> INFIX = Map.ofEntries(
            Map.entry("_&&_", "&&"),
            Map.entry("_||_", "||"),
            Map.entry("_==_", "=="),
            Map.entry("_!=_", "!="),
            Map.entry("_<_", "<"),
            Map.entry("_<=_", "<="),
            Map.entry("_>_", ">"),
            Map.entry("_>=_", ">="),
            Map.entry("@in", "in"),
            Map.entry("_+_", "+"),
            Map.entry("_-_", "-"),
            Map.entry("_*_", "*"),
            Map.entry("_/_", "/"),
            Map.entry("_%_", "%"));

    private Expressions() {}

    /** {@code cpu.snp.vmpl} of plain selections, whether or not it begins with a dot; nothing for any other expression. */
    static Optional<String> name(CelExpr expression) {
        return switch (expression.getKind()) {
            case IDENT -> {
                String name = expression.ident().name();
                yield Optional.of(name.startsWith(".") ? name.substring(1) : name);
            }
            case SELECT ->
                expression.select().testOnly()
                        ? Optional.empty()
                        : name(expression.select().operand())
                                .map(name -> name + "." + expression.select().field());
            case NOT_SET, CONSTANT, CALL, LIST, STRUCT, MAP, COMPREHENSION -> Optional.empty();
        };
    }

    /** What {@code size(…)} or {@code ….size()} measures. */
    static Optional<CelExpr> sized(CelExpr expression) {
        if (expression.getKind() != CelExpr.ExprKind.Kind.CALL
                || !expression.call().function().equals("size")) {
            return Optional.empty();
        }
        List<CelExpr> operands = expression.call().args();
        return operands.isEmpty()
                ? expression.call().target()
                : operands.size() == 1 && expression.call().target().isEmpty()
                        ? Optional.of(operands.getFirst())
                        : Optional.empty();
    }

    /** The whole expression; equal for equal expressions only. */
    static String text(CelExpr expression) {
        return switch (expression.getKind()) {
            case IDENT -> name(expression).orElse("");
            case SELECT -> {
                String chosen = text(expression.select().operand()) + "."
                        + expression.select().field();
                yield expression.select().testOnly() ? "has(" + chosen + ")" : chosen;
            }
            case CONSTANT ->
                expression.constant().getKind() == CelConstant.Kind.STRING_VALUE
                        ? whole(expression.constant().stringValue())
                        : literal(expression.constant());
            case CALL -> call(expression.call());
            case LIST -> "[" + texts(expression.list().elements()) + "]";
            case COMPREHENSION -> {
                var over = expression.comprehension();
                yield "comprehension(" + over.iterVar() + ", " + over.iterVar2() + ", " + text(over.iterRange()) + ", "
                        + over.accuVar() + ", " + text(over.accuInit()) + ", " + text(over.loopCondition()) + ", "
                        + text(over.loopStep()) + ", " + text(over.result()) + ")";
            }
            // Never seen in rules that mean something. Their ids make them different ones within a rule, and what is in
            // them makes them so between rules, which count their ids anew.
            case NOT_SET, STRUCT, MAP -> expression.toString();
        };
    }

    private static String call(CelExpr.CelCall call) {
        Optional<String> infix = Optional.ofNullable(INFIX.get(call.function()));
        if (infix.isPresent() && call.args().size() == 2) {
            return "(" + text(call.args().getFirst()) + " " + infix.get() + " "
                    + text(call.args().getLast()) + ")";
        }
        if (call.function().equals("_[_]") && call.args().size() == 2) {
            return text(call.args().getFirst()) + "[" + text(call.args().getLast()) + "]";
        }
        if (call.args().size() == 1
                && (call.function().equals("!_") || call.function().equals("-_"))) {
            return call.function().charAt(0) + text(call.args().getFirst());
        }
        String named = call.function() + "(" + texts(call.args()) + ")";
        return call.target().map(target -> text(target) + "." + named).orElse(named);
    }

    private static String texts(List<CelExpr> expressions) {
        return expressions.stream().map(Expressions::text).collect(Collectors.joining(", "));
    }

    private static String literal(CelConstant constant) {
        return switch (constant.getKind()) {
            case INT64_VALUE -> "" + constant.int64Value();
            case BOOLEAN_VALUE -> "" + constant.booleanValue();
            default -> constant.toString();
        };
    }

    private static String whole(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** A literal for people, its end left out when it is long. */
    static String quoted(String text) {
        return text.length() <= SHOWN_LITERAL ? whole(text) : whole(text.substring(0, SHOWN_LITERAL / 2)) + "…";
    }

    /** A text of an expression for people. */
    static String shortened(CelExpr expression, String text) {
        boolean inBrackets = expression.getKind() == CelExpr.ExprKind.Kind.CALL
                && INFIX.containsKey(expression.call().function())
                && text.startsWith("(");
        String plain = inBrackets ? text.substring(1, text.length() - 1) : text;
        if (plain.length() <= SHOWN && !plain.contains("comprehension(")) {
            return plain;
        }
        return expression.getKind() == CelExpr.ExprKind.Kind.LIST ? "this list" : "this expression";
    }
}
