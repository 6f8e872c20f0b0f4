package io.countersign.verifier.policy;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Keeps patterns small. RE2/J matches in linear time, but writes counted repetitions out while it compiles, before CEL
 * looks at the size of what came out: {@code ((a{100}){100}){100}} fills any memory.
 */
final class RegexLint {
    static final String FUNCTION = "matches";

    private static final int MAX_LENGTH = 256;
    private static final int MAX_REPETITIONS = 1_000;
    private static final Pattern COUNTED = Pattern.compile("\\{([0-9]*),?([0-9]*)\\}");

    /** What ends in a bracket is, or looks like, a group; the cautious answer for an escaped one is the same. */
    private static final Pattern COUNTED_GROUP = Pattern.compile("[)}][?*+]*\\{[0-9]");

    private RegexLint() {}

    /** Why this argument must not be compiled as a pattern. */
    static Optional<String> objection(CelExpr pattern) {
        if (pattern.getKind() != CelExpr.ExprKind.Kind.CONSTANT
                || pattern.constant().getKind() != CelConstant.Kind.STRING_VALUE) {
            return Optional.of("the pattern of matches is a literal, so that its size is known before it is compiled");
        }
        String text = pattern.constant().stringValue();
        if (text.length() > MAX_LENGTH) {
            return Optional.of("a pattern has at most %d characters".formatted(MAX_LENGTH));
        }
        if (COUNTED_GROUP.matcher(text).find()) {
            return Optional.of(
                    "a counted repetition such as {3} stands after one character or class, not after a group");
        }
        long repetitions = COUNTED.matcher(text)
                .results()
                .mapToLong(count -> Math.max(number(count.group(1)), number(count.group(2))))
                .sum();
        return repetitions > MAX_REPETITIONS
                ? Optional.of("the counted repetitions of a pattern add up to at most %d".formatted(MAX_REPETITIONS))
                : Optional.empty();
    }

    /** More digits than any bound of ours has are more than any bound. */
    private static long number(String digits) {
        if (digits.isEmpty()) {
            return 0;
        }
        return digits.length() > 9 ? Integer.MAX_VALUE : Long.parseLong(digits);
    }
}
