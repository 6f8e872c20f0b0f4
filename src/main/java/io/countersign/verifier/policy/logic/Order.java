package io.countersign.verifier.policy.logic;

/** How two numbers, or two times, are compared. */
enum Order {
    EQUAL("", "at"),
    OTHER("other than ", "other than"),
    BELOW("below ", "before"),
    AT_MOST("at most ", "at or before"),
    ABOVE("above ", "after"),
    AT_LEAST("at least ", "at or after");

    private final String ofNumbers;
    private final String ofTimes;

    Order(String ofNumbers, String ofTimes) {
        this.ofNumbers = ofNumbers;
        this.ofTimes = ofTimes;
    }

    /** By the operator as CEL's tree names it. */
    static Order of(String function) {
        return switch (function) {
            case "_<_" -> BELOW;
            case "_<=_" -> AT_MOST;
            case "_>_" -> ABOVE;
            case "_>=_" -> AT_LEAST;
            default -> throw new IllegalArgumentException("not an order: " + function);
        };
    }

    String words(Scale.Kind kind) {
        return kind == Scale.Kind.NUMBER ? ofNumbers : ofTimes + " ";
    }

    Ranges than(long bound) {
        return switch (this) {
            case EQUAL -> Ranges.between(bound, bound);
            case OTHER -> Ranges.between(bound, bound).not();
            case BELOW -> Ranges.below(bound);
            case AT_MOST -> Ranges.between(Long.MIN_VALUE, bound);
            case ABOVE -> Ranges.above(bound);
            case AT_LEAST -> Ranges.between(bound, Long.MAX_VALUE);
        };
    }

    boolean holds(long left, long right) {
        return !than(right).and(Ranges.between(left, left)).isEmpty();
    }

    /** What holds exactly where this does not. */
    Order opposite() {
        return switch (this) {
            case EQUAL -> OTHER;
            case OTHER -> EQUAL;
            case BELOW -> AT_LEAST;
            case AT_MOST -> ABOVE;
            case ABOVE -> AT_MOST;
            case AT_LEAST -> BELOW;
        };
    }

    /** The same with its two sides exchanged. */
    Order turned() {
        return switch (this) {
            case EQUAL -> EQUAL;
            case OTHER -> OTHER;
            case BELOW -> ABOVE;
            case AT_MOST -> AT_LEAST;
            case ABOVE -> BELOW;
            case AT_LEAST -> AT_MOST;
        };
    }
}
