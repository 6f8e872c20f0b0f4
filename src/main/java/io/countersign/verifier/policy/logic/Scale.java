package io.countersign.verifier.policy.logic;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Something that is compared on a scale of whole numbers: an integer claim, a size, or a time in nanoseconds.
 *
 * @param bound what it is compared with
 * @param boundText the same for people
 */
record Scale(Kind kind, String key, String shown, Ranges possible, long bound, String boundText) {
    /** What the numbers mean. */
    enum Kind {
        NUMBER,
        TIME
    }

    /** The first compared with the second, where this is a literal. */
    static Optional<Scale> of(CelExpr compared, CelExpr literal, Facts facts) {
        OptionalLong number = number(literal);
        if (number.isPresent()) {
            return of(compared, facts).map(scale -> scale.with(number.getAsLong(), "" + number.getAsLong()));
        }
        Optional<String> name = Expressions.name(compared).filter(facts::isTime);
        Optional<Instant> time = time(literal);
        if (name.isEmpty() || time.isEmpty()) {
            return Optional.empty();
        }
        try {
            long nanos = ChronoUnit.NANOS.between(Instant.EPOCH, time.get());
            return Optional.of(new Scale(
                    Kind.TIME,
                    "time " + name.get(),
                    name.get(),
                    Ranges.ANY,
                    nanos,
                    time.get().toString()));
        } catch (ArithmeticException _) {
            return Optional.empty(); // centuries from now; nothing is said about these
        }
    }

    /** Something that has a number, whatever it is compared with. */
    static Optional<Scale> of(CelExpr compared, Facts facts) {
        Optional<String> name = Expressions.name(compared).filter(facts::isNumber);
        if (name.isPresent()) {
            return Optional.of(new Scale(Kind.NUMBER, "number " + name.get(), name.get(), Ranges.UNSIGNED, 0, ""));
        }
        return Expressions.sized(compared).map(whole -> {
            String text = "size(" + Expressions.text(whole) + ")";
            OptionalInt characters =
                    Expressions.name(whole).map(facts::characters).orElse(OptionalInt.empty());
            Ranges possible = characters.isPresent()
                    ? Ranges.between(characters.getAsInt(), characters.getAsInt())
                    : Ranges.UNSIGNED;
            return new Scale(Kind.NUMBER, "number " + text, Expressions.shortened(whole, text), possible, 0, "");
        });
    }

    private Scale with(long newBound, String newText) {
        return new Scale(kind, key, shown, possible, newBound, newText);
    }

    Formula demand(CelExpr expression, Order order) {
        return demand(expression, order.than(bound), order.words(kind) + boundText);
    }

    Formula among(CelExpr expression, List<Long> numbers, String list, boolean wanted) {
        Ranges ranges = Ranges.oneOf(numbers);
        return demand(expression, wanted ? ranges : ranges.not(), (wanted ? "in " : "not in ") + list);
    }

    private Formula demand(CelExpr expression, Ranges allowed, String said) {
        var subject = new Demand.Subject(key, shown, possible, Optional.empty());
        return new Formula.Single(new Demand(subject, new Demand.OnScale(allowed), said, expression.id()));
    }

    /** An integer literal that fits; any larger one is left alone. */
    static OptionalLong number(CelExpr expression) {
        if (expression.getKind() != CelExpr.ExprKind.Kind.CONSTANT) {
            return OptionalLong.empty();
        }
        CelConstant constant = expression.constant();
        if (constant.getKind() == CelConstant.Kind.INT64_VALUE) {
            return OptionalLong.of(constant.int64Value());
        }
        return constant.getKind() == CelConstant.Kind.UINT64_VALUE
                        && constant.uint64Value().longValue() >= 0
                ? OptionalLong.of(constant.uint64Value().longValue())
                : OptionalLong.empty();
    }

    private static Optional<Instant> time(CelExpr expression) {
        if (expression.getKind() != CelExpr.ExprKind.Kind.CALL
                || !expression.call().function().equals("timestamp")
                || expression.call().args().size() != 1) {
            return Optional.empty();
        }
        CelExpr text = expression.call().args().getFirst();
        if (text.getKind() != CelExpr.ExprKind.Kind.CONSTANT
                || text.constant().getKind() != CelConstant.Kind.STRING_VALUE) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    OffsetDateTime.parse(text.constant().stringValue()).toInstant());
        } catch (DateTimeException _) {
            return Optional.empty(); // the validator of literals says so
        }
    }
}
