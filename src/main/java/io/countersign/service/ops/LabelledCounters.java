package io.countersign.service.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counters of one name, each looked up once in the registry, which costs more than counting. Meters are kept for ever, and
 * policies can be renamed as long as the service runs: beyond a bound, what has free labels is counted together.
 */
final class LabelledCounters {
    static final String OTHERS = "(others)";

    private static final int MOST = 2_000;

    private final MeterRegistry registry;
    private final String name;
    private final String description;
    private final List<String> labels;
    private final Set<String> free;
    private final int most;
    private final Map<List<String>, Counter> counters = new ConcurrentHashMap<>();

    /**
     * None yet.
     *
     * @param free those of the labels whose values operators choose
     */
    LabelledCounters(MeterRegistry registry, String name, String description, List<String> labels, Set<String> free) {
        this(registry, name, description, labels, free, MOST);
    }

    LabelledCounters(
            MeterRegistry registry, String name, String description, List<String> labels, Set<String> free, int most) {
        this.registry = registry;
        this.name = name;
        this.description = description;
        this.labels = List.copyOf(labels);
        this.free = Set.copyOf(free);
        this.most = most;
    }

    /** There from then on, at zero, so that alarms see the first step. */
    void show(List<String> values) {
        counter(values);
    }

    /** One more, with a value for each label. */
    void count(List<String> values) {
        counter(values).increment();
    }

    private Counter counter(List<String> values) {
        Counter known = counters.get(values);
        return known != null ? known : make(values);
    }

    private Counter make(List<String> values) {
        return counters.computeIfAbsent(counters.size() < most ? values : together(values), this::register);
    }

    private List<String> together(List<String> values) {
        var result = new ArrayList<String>();
        for (int i = 0; i < labels.size(); i++) {
            result.add(free.contains(labels.get(i)) ? OTHERS : values.get(i));
        }
        return List.copyOf(result);
    }

    private Counter register(List<String> values) {
        var tags = new ArrayList<Tag>();
        for (int i = 0; i < labels.size(); i++) {
            tags.add(Tag.of(labels.get(i), values.get(i)));
        }
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }
}
