package io.countersign.proof;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a service exposes, read from the text that Prometheus scrapes.
 *
 * @param metrics by name, without the endings of histograms and summaries
 */
record Exposition(Map<String, Metric> metrics) {
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SAMPLE = Pattern.compile("([a-z][a-zA-Z0-9_]*)(?:\\{(.*)\\})? \\S+");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern PART = Pattern.compile("_(bucket|count|sum)$");

    /** One metric: {@code counter}, {@code gauge}, {@code histogram} or {@code summary}, and the names of its labels. */
    record Metric(String type, Set<String> labels) {}

    static Exposition read(String text) {
        var types = new HashMap<String, String>();
        var labels = new HashMap<String, Set<String>>();
        text.lines().forEach(line -> {
            Matcher type = TYPE.matcher(line);
            if (type.matches()) {
                types.put(type.group(1), type.group(2));
                return;
            }
            Matcher sample = SAMPLE.matcher(line);
            if (sample.matches()) {
                String name = sample.group(1);
                String whole =
                        types.containsKey(name) ? name : PART.matcher(name).replaceFirst("");
                Set<String> known = labels.computeIfAbsent(whole, _ -> new HashSet<>());
                if (sample.group(2) != null) {
                    LABEL.matcher(sample.group(2))
                            .results()
                            .map(found -> found.group(1))
                            .forEach(known::add);
                    known.remove("le");
                }
            } else if (!line.startsWith("#") && !line.isBlank()) {
                throw new AssertionError("not a line of an exposition: " + line);
            }
        });
        var metrics = new TreeMap<String, Metric>();
        // What is registered and has no series yet is not there for whoever asks.
        labels.forEach((name, names) -> {
            // OpenMetrics names the type of a counter without its ending.
            String type = types.getOrDefault(name, types.get(name.replaceFirst("_total$", "")));
            metrics.put(name, new Metric(String.valueOf(type), names));
        });
        return new Exposition(metrics);
    }
}
