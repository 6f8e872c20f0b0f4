package io.countersign.verifier.policy.logic;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import io.countersign.verifier.policy.logic.Demand.Place;
import io.countersign.verifier.policy.logic.Demand.Subject;
import io.countersign.verifier.policy.logic.Demand.Version;
import io.countersign.verifier.policy.logic.Demand.Wanted;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads what must hold for an expression to be true, or to be false. What is not understood is one question of its own, by its
 * text: the answer is open, and the same wherever it stands.
 */
final class FormulaReader {
    /** Not floating-point numbers, where zeros of both signs are equal. */
    private static final Set<CelConstant.Kind> COMPARABLE = Set.of(
            CelConstant.Kind.INT64_VALUE,
            CelConstant.Kind.UINT64_VALUE,
            CelConstant.Kind.STRING_VALUE,
            CelConstant.Kind.BOOLEAN_VALUE);

    private final Facts facts;
    private final Map<Asked, Formula> known = new HashMap<>();

    private record Asked(long id, boolean wanted) {}

    FormulaReader(Facts facts) {
        this.facts = facts;
    }

    /** What must hold for the expression to be true, or for it to be false; each part is read once, however often it counts. */
    Formula read(CelExpr expression, boolean wanted) {
        var asked = new Asked(expression.id(), wanted);
        Optional<Formula> earlier = Optional.ofNullable(known.get(asked));
        if (earlier.isPresent()) {
            return earlier.get();
        }
        Formula formula = formula(expression, wanted);
        known.put(asked, formula);
        return formula;
    }

    private Formula formula(CelExpr expression, boolean wanted) {
        if (truth(expression).isPresent()) {
            return constant(expression, truth(expression).get() == wanted);
        }
        if (expression.getKind() != CelExpr.ExprKind.Kind.CALL) {
            return question(expression, wanted);
        }
        List<CelExpr> operands = expression.call().args();
        String function = expression.call().function();
        return switch (function) {
            case "!_" -> read(operands.getFirst(), !wanted);
            case "_&&_", "_||_" -> {
                List<Formula> parts =
                        operands.stream().map(operand -> read(operand, wanted)).toList();
                yield wanted == function.equals("_&&_") ? new Formula.All(parts) : new Formula.Any(parts);
            }
            case "_?_:_" ->
                new Formula.Any(List.of(
                        new Formula.All(List.of(read(operands.getFirst(), true), read(operands.get(1), wanted))),
                        new Formula.All(List.of(read(operands.getFirst(), false), read(operands.get(2), wanted)))));
            case "_==_" -> equal(expression, wanted);
            case "_!=_" -> equal(expression, !wanted);
            case "_<_", "_<=_", "_>_", "_>=_" -> ordered(expression, wanted);
            case "@in" -> member(expression, wanted);
            case "startsWith" -> holds(expression, Place.BEGINNING, "beginning with", wanted);
            case "endsWith" -> holds(expression, Place.END, "ending with", wanted);
            case "contains" -> holds(expression, Place.ANYWHERE, "containing", wanted);
            case "version_at_least" -> version(expression, wanted);
            default -> question(expression, wanted);
        };
    }

    private Formula equal(CelExpr expression, boolean same) {
        CelExpr left = expression.call().args().getFirst();
        CelExpr right = expression.call().args().getLast();
        if (isConstant(left) && isConstant(right)) {
            return COMPARABLE.contains(left.constant().getKind())
                            && left.constant().getKind() == right.constant().getKind()
                    ? constant(expression, left.constant().equals(right.constant()) == same)
                    : question(expression, same, equality(left, right));
        }
        if (isConstant(left)) {
            return equalTo(expression, right, left, same);
        }
        return isConstant(right) || right.getKind() == CelExpr.ExprKind.Kind.CALL
                ? equalTo(expression, left, right, same)
                : question(expression, same, equality(left, right));
    }

    private Formula equalTo(CelExpr expression, CelExpr compared, CelExpr constant, boolean same) {
        if (truth(constant).isPresent()) {
            return read(compared, truth(constant).get() == same);
        }
        Optional<String> text = text(constant);
        if (text.isPresent()) {
            return among(expression, compared, Set.of(text.get()), quoted(text.get()), same);
        }
        Optional<Scale> scale = Scale.of(compared, constant, facts);
        return scale.map(found -> found.demand(expression, same ? Order.EQUAL : Order.OTHER))
                .orElseGet(() -> question(expression, same, equality(compared, constant)));
    }

    private Formula ordered(CelExpr expression, boolean wanted) {
        CelExpr left = expression.call().args().getFirst();
        CelExpr right = expression.call().args().getLast();
        Order order = Order.of(expression.call().function());
        OptionalLong a = Scale.number(left);
        OptionalLong b = Scale.number(right);
        if (a.isPresent() && b.isPresent()) {
            return constant(expression, order.holds(a.getAsLong(), b.getAsLong()) == wanted);
        }
        Order demanded = wanted ? order : order.opposite();
        return Scale.of(left, right, facts)
                .map(scale -> scale.demand(expression, demanded))
                .or(() -> Scale.of(right, left, facts).map(scale -> scale.demand(expression, demanded.turned())))
                .orElseGet(() -> question(expression, wanted));
    }

    private Formula member(CelExpr expression, boolean wanted) {
        CelExpr member = expression.call().args().getFirst();
        CelExpr list = expression.call().args().getLast();
        Optional<String> name = Expressions.name(list);
        Optional<List<String>> set = name.map(facts.references()::get).filter(values -> !values.isEmpty());
        if (set.isPresent()) {
            List<String> values = wanted ? set.get() : facts.lasting().getOrDefault(name.orElseThrow(), List.of());
            return among(expression, member, new HashSet<>(values), "in " + name.orElseThrow(), wanted);
        }
        if (list.getKind() != CelExpr.ExprKind.Kind.LIST) {
            return question(expression, wanted);
        }
        List<CelExpr> elements = list.list().elements();
        List<String> texts =
                elements.stream().flatMap(element -> text(element).stream()).toList();
        if (texts.size() == elements.size()) {
            return among(expression, member, new HashSet<>(texts), "in " + shown(list), wanted);
        }
        List<Long> numbers = elements.stream()
                .map(Scale::number)
                .filter(OptionalLong::isPresent)
                .map(OptionalLong::getAsLong)
                .toList();
        if (numbers.size() == elements.size() && !isConstant(member)) {
            return Scale.of(member, facts)
                    .map(scale -> scale.among(expression, numbers, shown(list), wanted))
                    .orElseGet(() -> question(expression, wanted));
        }
        return question(expression, wanted);
    }

    private Formula among(CelExpr expression, CelExpr compared, Set<String> values, String said, boolean wanted) {
        Optional<String> text = text(compared);
        if (text.isPresent()) {
            return constant(expression, values.contains(text.get()) == wanted);
        }
        if (isConstant(compared)) {
            return question(expression, wanted);
        }
        return single(
                expression,
                compared,
                wanted ? new Demand.Among(values) : new Demand.NotAmong(values),
                wanted ? said : said.startsWith("in ") ? "not " + said : "other than " + said);
    }

    private Formula holds(CelExpr expression, Place place, String said, boolean wanted) {
        Optional<CelExpr> compared = expression.call().target();
        Optional<String> part = expression.call().args().stream().findFirst().flatMap(FormulaReader::text);
        if (compared.isEmpty() || part.isEmpty() || isConstant(compared.get())) {
            return question(expression, wanted);
        }
        return single(
                expression,
                compared.get(),
                wanted ? new Demand.Holds(place, part.get()) : new Demand.Lacks(place, part.get()),
                (wanted ? "" : "not ") + said + " " + quoted(part.get()));
    }

    private Formula version(CelExpr expression, boolean wanted) {
        List<CelExpr> operands = expression.call().args();
        Optional<Version> floor = text(operands.getLast()).flatMap(Version::of);
        if (operands.size() != 2 || floor.isEmpty() || isConstant(operands.getFirst())) {
            return question(expression, wanted);
        }
        String text = text(operands.getLast()).orElseThrow();
        return single(
                expression,
                operands.getFirst(),
                wanted ? new Demand.AtLeast(floor.get()) : new Demand.Before(floor.get()),
                wanted ? text + " or later" : "before " + text);
    }

    private Formula single(CelExpr expression, CelExpr compared, Wanted wanted, String said) {
        String key = Expressions.text(compared);
        var subject = new Subject(
                "text " + key,
                shown(compared),
                Ranges.ANY,
                Expressions.name(compared).flatMap(facts::words));
        return new Formula.Single(new Demand(subject, wanted, said, expression.id()));
    }

    /** The same whichever side stands first. */
    private static String equality(CelExpr left, CelExpr right) {
        String a = Expressions.text(left);
        String b = Expressions.text(right);
        return a.compareTo(b) <= 0 ? a + " == " + b : b + " == " + a;
    }

    private static Formula question(CelExpr expression, boolean wanted) {
        return question(expression, wanted, Expressions.text(expression));
    }

    private static Formula question(CelExpr expression, boolean wanted, String text) {
        var subject =
                new Subject("truth " + text, Expressions.shortened(expression, text), Ranges.ANY, Optional.empty());
        return new Formula.Single(
                new Demand(subject, new Demand.Truth(wanted), String.valueOf(wanted), expression.id()));
    }

    private static Formula constant(CelExpr expression, boolean holds) {
        if (holds) {
            return Formula.TRUE;
        }
        var subject = new Subject("", shown(expression), Ranges.ANY, Optional.empty());
        return new Formula.Single(new Demand(subject, new Demand.Impossible(), "", expression.id()));
    }

    private static String shown(CelExpr expression) {
        return Expressions.shortened(expression, Expressions.text(expression));
    }

    private static String quoted(String text) {
        return Expressions.quoted(text);
    }

    private static boolean isConstant(CelExpr expression) {
        return expression.getKind() == CelExpr.ExprKind.Kind.CONSTANT;
    }

    private static Optional<Boolean> truth(CelExpr expression) {
        return isConstant(expression) && expression.constant().getKind() == CelConstant.Kind.BOOLEAN_VALUE
                ? Optional.of(expression.constant().booleanValue())
                : Optional.empty();
    }

    private static Optional<String> text(CelExpr expression) {
        return isConstant(expression) && expression.constant().getKind() == CelConstant.Kind.STRING_VALUE
                ? Optional.of(expression.constant().stringValue())
                : Optional.empty();
    }
}
