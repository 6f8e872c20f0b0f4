package io.countersign.service.earlywarning;

import io.countersign.trial.Forecast;
import io.countersign.trial.Forecast.Ending;
import io.countersign.trial.Forecast.Reason;
import io.countersign.trial.Forecast.Standing;
import io.countersign.trial.Platform;
import io.countersign.verifier.bytes.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What one look at all platforms brought.
 *
 * @param judged every platform under every policy that accepted it
 * @param early the newest TCB evaluation data number of the early channel, by type of evidence
 * @param inForce the newest by which a platform was judged, likewise
 */
record Round(Instant at, List<Judged> judged, Map<String, Long> early, Map<String, Long> inForce) {
    /**
     * One platform under one policy.
     *
     * @param seen when it was last accepted
     * @param evidence the beginning of the digest that tokens and audit lines state
     */
    record Judged(Platform platform, String policy, Instant seen, String evidence, Forecast forecast) {
        Machine machine() {
            return new Machine(platform.tee(), platform.key());
        }

        /** Nothing in it names the machine to those who do not know it already. */
        String name() {
            return "%s (last seen %s, evidence sha256:%s…)".formatted(platform.shortKey(), seen, evidence);
        }
    }

    /** A platform, whatever policies it goes by. */
    record Machine(String tee, Bytes key) {}

    Round {
        judged = List.copyOf(judged);
        early = Map.copyOf(early);
        inForce = Map.copyOf(inForce);
    }

    RoundSummary summary() {
        return new RoundSummary(at, platforms(), ending(), early, inForce, troubles());
    }

    /** Machines, each once: where policies differ, the worst counts. */
    private Map<String, Map<Standing, Long>> platforms() {
        var worst =
                worst(each -> each.forecast().standing(), (one, other) -> badness(one) >= badness(other) ? one : other);
        var platforms = new LinkedHashMap<String, Map<Standing, Long>>();
        worst.forEach((machine, standing) -> platforms
                .computeIfAbsent(machine.tee(), _ -> new EnumMap<>(Standing.class))
                .merge(standing, 1L, Long::sum));
        return platforms;
    }

    private static int badness(Standing standing) {
        return switch (standing) {
            case NOT_ASKED -> 0;
            case ACCEPTED -> 1;
            case UNDETERMINED -> 2;
            case REFUSED -> 3;
        };
    }

    /** Machines that rest on something that ends, each once, under the nearest end. */
    private Map<String, Map<Duration, Long>> ending() {
        var nearest = new LinkedHashMap<Machine, Duration>();
        for (Judged each : judged) {
            each.forecast()
                    .ending()
                    .map(Ending::within)
                    .ifPresent(within -> nearest.merge(
                            each.machine(), within, (one, other) -> one.compareTo(other) <= 0 ? one : other));
        }
        var ending = new LinkedHashMap<String, Map<Duration, Long>>();
        nearest.forEach((machine, within) -> ending.computeIfAbsent(machine.tee(), _ -> new LinkedHashMap<>())
                .merge(within, 1L, Long::sum));
        return ending;
    }

    private <T> Map<Machine, T> worst(Function<Judged, T> of, BinaryOperator<T> worse) {
        return judged.stream().collect(Collectors.toMap(Judged::machine, of, worse, LinkedHashMap::new));
    }

    private List<String> troubles() {
        return judged.stream()
                .map(Judged::forecast)
                .filter(forecast -> forecast.standing() == Standing.UNDETERMINED)
                .flatMap(forecast -> forecast.reasons().stream())
                .map(Reason::discreet)
                .distinct()
                .sorted()
                .toList();
    }
}
