package io.countersign.client;

/** Makes texts of others fit for a terminal and a log: one line, bounded, no control characters. */
public final class Plain {
    private static final int MAX = 600;

    private Plain() {}

    public static String line(String text) {
        String bounded = text.length() <= MAX ? text : text.substring(0, MAX) + "…";
        var line = new StringBuilder(bounded.length());
        bounded.codePoints().forEach(point -> line.appendCodePoint(isHarmless(point) ? point : ' '));
        return line.toString().strip();
    }

    /** Format characters include those that turn the direction of writing around. */
    private static boolean isHarmless(int point) {
        int type = Character.getType(point);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.SURROGATE
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }
}
