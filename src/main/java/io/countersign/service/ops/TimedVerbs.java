package io.countersign.service.ops;

import io.countersign.service.verbs.Verb;
import io.countersign.service.verbs.Verbs;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How long each of the six verbs takes. */
public final class TimedVerbs implements Verbs {
    private final Map<Verb, Timer> timers = new EnumMap<>(Verb.class);

    public TimedVerbs(MeterRegistry registry) {
        for (Verb verb : Verb.values()) {
            timers.put(
                    verb,
                    Timer.builder("countersign.verbs")
                            .description("time of each of the six verbs")
                            .tag("verb", verb.word())
                            .serviceLevelObjectives(Buckets.WORK)
                            .register(registry));
        }
    }

    @Override
    public Step begin(Verb verb) {
        Timer timer = timers.get(verb);
        long start = System.nanoTime();
        return () -> {
            if (timer != null) {
                timer.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
            }
        };
    }
}
