package io.countersign.cases;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Names that are like one that does not exist. */
final class NearNames {
    private static final int MOST = 3;
    private static final int LONGEST = 200;

    private NearNames() {}

    /** {@code "; near to it: a, b"}, or the empty text when there is nothing to name. */
    static String suggest(String written, Collection<String> known) {
        if (known.isEmpty() || written.length() > LONGEST) {
            return "";
        }
        List<String> near = known.stream()
                .filter(name -> name.length() <= LONGEST)
                .sorted(Comparator.<String>comparingInt(name -> distance(written, name))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(MOST)
                .toList();
        return near.isEmpty() ? "" : "; near to it: " + String.join(", ", near);
    }

    /** Levenshtein's. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
