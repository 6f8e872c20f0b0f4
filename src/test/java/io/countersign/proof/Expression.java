package io.countersign.proof;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The selectors and labels of one PromQL expression of ours. It reads what ours are made of, and says so when there is more.
 *
 * @param selectors each metric with its matchers, as it stands
 * @param grouping labels that results are grouped by
 */
record Expression(String text, List<Selector> selectors, Set<String> grouping) {
    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern SELECTOR =
            Pattern.compile("\\b(up|[a-z]+_[a-z0-9_]+)\\b(?!\\s*\\()(\\{(?:[^{}\"]|\"(?:[^\"\\\\]|\\\\.)*\")*\\})?");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without|on|ignoring)\\s*\\(([^)]*)\\)");
    private static final Pattern WORD = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern MATCHER = Pattern.compile("([a-z_]+)\\s*(=~|!~|!=|=)");

    /** Words that are none of ours. */
    private static final Set<String> LANGUAGE = Set.of(
            "sum",
            "min",
            "max",
            "count",
            "abs",
            "rate",
            "increase",
            "changes",
            "topk",
            "sort",
            "sort_desc",
            "absent",
            "time",
            "timestamp",
            "scalar",
            "histogram_quantile",
            "by",
            "and",
            "or",
            "unless",
            "offset",
            "m",
            "h",
            "d",
            "s");

    /** A metric and its matchers, with their braces. */
    record Selector(String metric, String matchers) {
        Set<String> labels() {
            var names = new TreeSet<String>();
            MATCHER.matcher(STRING.matcher(matchers).replaceAll("\"\""))
                    .results()
                    .map(found -> found.group(1))
                    .forEach(names::add);
            return names;
        }

        String text() {
            return metric + matchers;
        }

        /** The metric as it stands in documentation. */
        String whole() {
            return metric.replaceFirst("_(bucket|count|sum)$", "");
        }
    }

    static Expression of(String text) {
        var grouping = new TreeSet<String>();
        String rest = text;
        Matcher groups = GROUPING.matcher(rest);
        while (groups.find()) {
            WORD.matcher(groups.group(1)).results().map(found -> found.group()).forEach(grouping::add);
        }
        rest = GROUPING.matcher(rest).replaceAll(" by ");
        List<Selector> selectors = SELECTOR.matcher(rest)
                .results()
                .filter(found -> !LANGUAGE.contains(found.group(1)))
                .map(found -> new Selector(found.group(1), found.group(2) == null ? "" : found.group(2)))
                .distinct()
                .toList();
        String left = STRING.matcher(SELECTOR.matcher(rest).replaceAll(" ")).replaceAll(" ");
        WORD.matcher(left).results().map(found -> found.group()).forEach(word -> {
            if (!LANGUAGE.contains(word)) {
                throw new AssertionError("\"%s\" in %s is not understood".formatted(word, text));
            }
        });
        return new Expression(text, selectors, grouping);
    }
}
