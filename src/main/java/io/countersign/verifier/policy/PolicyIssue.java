package io.countersign.verifier.policy;

/**
 * One finding about a policy's text, with its place.
 *
 * @param file the name of the file, or the empty text for a draft
 * @param line from 1
 * @param column from 1, in characters
 * @param suggestion what to do about it, or the empty text
 * @param sourceLine the line of the policy that the finding is about, or the empty text
 */
public record PolicyIssue(
        Severity severity, String file, int line, int column, String message, String suggestion, String sourceLine) {
    /** Whether the policy can be used nevertheless. */
    public enum Severity {
        ERROR,
        WARNING;

        public String word() {
            return this == ERROR ? "error" : "warning";
        }
    }

    /** The finding as compilers print it: place, message, source line, caret and suggestion. */
    public String rendered() {
        String place = file.isEmpty()
                ? "line %d, column %d".formatted(line, column)
                : "%s:%d:%d".formatted(file, line, column);
        var text = new StringBuilder("%s: %s: %s".formatted(place, severity.word(), message));
        if (!sourceLine.isEmpty()) {
            text.append("\n%5d | %s\n      | %s^".formatted(line, sourceLine, underline()));
        }
        if (!suggestion.isEmpty()) {
            text.append("\n      = ").append(suggestion);
        }
        return text.toString();
    }

    /** Blanks as wide as what stands before the column: tabs stay tabs, East Asian wide characters take two. */
    private String underline() {
        var blanks = new StringBuilder();
        sourceLine.codePoints().limit(column - 1L).forEach(character -> {
            if (character == '\t') {
                blanks.append('\t');
            } else {
                blanks.append(isWide(character) ? "  " : " ");
            }
        });
        return blanks.toString();
    }

    private static boolean isWide(int character) {
        return character >= 0x1100
                && (character <= 0x115F
                        || character >= 0x2E80 && character <= 0xA4CF
                        || character >= 0xAC00 && character <= 0xD7A3
                        || character >= 0xF900 && character <= 0xFAFF
                        || character >= 0xFE30 && character <= 0xFE6F
                        || character >= 0xFF00 && character <= 0xFF60
                        || character >= 0x1F300 && character <= 0x1FAFF
                        || character >= 0x20000 && character <= 0x3FFFD);
    }
}
