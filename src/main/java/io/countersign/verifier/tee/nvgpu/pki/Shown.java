package io.countersign.verifier.tee.nvgpu.pki;

import java.util.List;
import java.util.stream.Collectors;

/** Text that nobody has verified yet, made fit for messages. */
public final class Shown {
    private static final int LENGTH = 60;
    private static final int MOST = 4;

    private Shown() {}

    public static String shortened(String text) {
        var shown = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), LENGTH); i++) {
            char letter = text.charAt(i);
            shown.append(letter >= 0x20 && letter <= 0x7E ? letter : '?');
        }
        return text.length() > LENGTH ? shown + "…" : shown.toString();
    }

    /** The first few of several texts. */
    public static String several(List<String> texts) {
        String first = texts.stream().limit(MOST).map(Shown::shortened).collect(Collectors.joining(", "));
        return texts.size() > MOST ? first + " and %d more".formatted(texts.size() - MOST) : first;
    }
}
