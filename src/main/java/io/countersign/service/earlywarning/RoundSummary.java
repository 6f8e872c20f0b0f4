package io.countersign.service.earlywarning;

import io.countersign.trial.Forecast.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What one look at all platforms brought, in numbers; no machine can be told from it.
 *
 * @param platforms machines by type of evidence and standing; what there is none of is absent
 * @param ending machines that would be refused within that time though nothing changes, by type; zero means already
 * @param early the newest TCB evaluation data number of Intel's early channel, by type of evidence
 * @param inForce the newest by which a remembered platform was accepted, likewise
 * @param troubles why something is unknown; empty when everything that had to be known is
 */
public record RoundSummary(
        Instant at,
        Map<String, Map<Standing, Long>> platforms,
        Map<String, Map<Duration, Long>> ending,
        Map<String, Long> early,
        Map<String, Long> inForce,
        List<String> troubles) {
    public RoundSummary {
        platforms = Map.copyOf(platforms);
        ending = Map.copyOf(ending);
        early = Map.copyOf(early);
        inForce = Map.copyOf(inForce);
        troubles = List.copyOf(troubles);
    }

    /** How many machines of a type stand so. */
    public long count(String tee, Standing standing) {
        return platforms.getOrDefault(tee, Map.of()).getOrDefault(standing, 0L);
    }

    /** How many machines of a type end within that time and no sooner. */
    public long count(String tee, Duration within) {
        return ending.getOrDefault(tee, Map.of()).getOrDefault(within, 0L);
    }

    /** How many machines stand so, whatever their type. */
    public long count(Standing standing) {
        return platforms.keySet().stream()
                .mapToLong(tee -> count(tee, standing))
                .sum();
    }
}
