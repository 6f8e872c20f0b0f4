package io.countersign.verifier.policy;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the word that somebody probably meant. */
final class Spelling {
    private Spelling() {}

    /** "did you mean "x"?", or the empty text when nothing is near. */
    static String suggest(String written, Collection<String> known) {
        return nearest(written, known)
                .map(word -> "did you mean \"" + word + "\"?")
                .orElse("");
    }

    /** The same; where nothing is near, what there is. */
    static String suggestOrList(String written, Collection<String> known) {
        String near = suggest(written, known);
        return near.isEmpty() ? "what there is: " + String.join(", ", known) : near;
    }

    static Optional<String> nearest(String written, Collection<String> known) {
        int tolerated = Math.max(1, Math.min(4, written.length() / 3));
        return known.stream()
                .filter(word -> Math.abs(word.length() - written.length()) <= tolerated)
                .filter(word -> distance(written, word) <= tolerated)
                .min(Comparator.comparingInt(word -> distance(written, word)));
    }

    /** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
    static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                int least = Math.min(replace, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                cost[i][j] = swapped ? Math.min(least, 1 + cost[i - 2][j - 2]) : least;
            }
        }
        return cost[a.length()][b.length()];
    }
}
