package io.countersign.verifier.tee.nvgpu.rim;

/** Text from a manifest that nobody has verified yet, made fit for messages. */
final class Shown {
    private static final int LENGTH = 60;

    private Shown() {}

    static String shortened(String text) {
        var shown = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), LENGTH); i++) {
            char letter = text.charAt(i);
            shown.append(letter >= 0x20 && letter <= 0x7E ? letter : '?');
        }
        return text.length() > LENGTH ? shown + "…" : shown.toString();
    }
}
