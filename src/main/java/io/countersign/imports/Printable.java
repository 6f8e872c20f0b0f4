package io.countersign.imports;

/** Text from files, made fit to be shown: one line, bounded, and without characters that a terminal or an editor would obey. */
public final class Printable {
    private static final String ELLIPSIS = "…";

    private Printable() {}

    /** The text in one line of at most {@code most} code points; what was cut off is marked. */
    public static String line(String text, int most) {
        var line = new StringBuilder();
        int[] codePoints = text.codePoints().limit((long) most + 1).toArray();
        boolean cut = codePoints.length > most;
        int last = cut ? most - 1 : codePoints.length;
        for (int i = 0; i < last; i++) {
            line.appendCodePoint(isPlain(codePoints[i]) ? codePoints[i] : replacement(codePoints[i]));
        }
        return cut ? line.append(ELLIPSIS).toString() : line.toString();
    }

    /** Neither a control, nor a change of direction or other format character, nor half of a pair. */
    static boolean isPlain(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static int replacement(int codePoint) {
        return Character.isWhitespace(codePoint) ? ' ' : '?';
    }
}
