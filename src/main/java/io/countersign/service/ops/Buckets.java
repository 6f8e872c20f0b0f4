package io.countersign.service.ops;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Where histograms are cut: close enough to tell percentiles of what people wait for, few enough to keep. */
final class Buckets {
    private static final List<Duration> FROM_ONE_MILLISECOND = Stream.of(
                    1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000)
            .map(Duration::ofMillis)
            .toList();

    /** For steps that take less than a millisecond when nothing is wrong. */
    static final Duration[] WORK = Stream.concat(
                    Stream.of(50, 100, 250, 500).map(micros -> Duration.ofNanos(micros * 1_000L)),
                    FROM_ONE_MILLISECOND.stream())
            .toArray(Duration[]::new);

    /** For whole requests, in nanoseconds. */
    static final double[] REQUESTS =
            FROM_ONE_MILLISECOND.stream().mapToDouble(Duration::toNanos).toArray();

    private Buckets() {}
}
