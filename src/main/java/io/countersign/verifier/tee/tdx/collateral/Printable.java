package io.countersign.verifier.tee.tdx.collateral;

/** Text from a document that nobody has verified yet, made fit for messages. */
final class Printable {
    private static final int SHOWN = 40;

    private Printable() {}

    static String shortened(String text) {
        var shown = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), SHOWN); i++) {
            char letter = text.charAt(i);
            shown.append(isPrintable(letter) ? letter : '?');
        }
        return text.length() > SHOWN ? shown + "…" : shown.toString();
    }

    /** Whether there is nothing but ASCII letters, digits, signs and blanks. */
    static boolean isPrintable(String text) {
        return text.chars().allMatch(letter -> isPrintable((char) letter));
    }

    private static boolean isPrintable(char letter) {
        return letter >= 0x20 && letter <= 0x7E;
    }
}
