package io.countersign.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Ids of keys on a command line. They are base64url, so one in 64 begins with a dash and would be taken for an option. */
final class KeyIds {
    /** RFC 7638 with SHA-256: 43 characters. No option is as long. */
    private static final Pattern DASHED = Pattern.compile("-[A-Za-z0-9_-]{42}");

    private KeyIds() {}

    /** The same words with such ids at the end, behind {@code --}. */
    static String[] behindOptions(String... words) {
        var ids = new ArrayList<String>();
        var others = new ArrayList<String>();
        for (String word : words) {
            (DASHED.matcher(word).matches() ? ids : others).add(word);
        }
        if (ids.isEmpty() || List.of(words).contains("--")) {
            return words;
        }
        others.add("--");
        others.addAll(ids);
        return others.toArray(String[]::new);
    }
}
