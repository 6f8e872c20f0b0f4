package io.countersign.service.ops;

import io.countersign.service.access.Routes;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the framework's own meters of HTTP requests lack: percentiles, and a bound. Their label {@code method} is what a
 * stranger wrote into the first line of a request, and so is {@code uri} where a request was refused before any resource
 * saw it: each new word would be a series for ever, and use up those that the framework keeps for real paths.
 */
public final class RequestMeters implements MeterFilter {
    private static final String REQUESTS = "http.server.requests";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private static final Pattern REFUSED = Pattern.compile("[45][0-9]{2}");

    /** What the framework says instead of a path, and the names of routes with parts that vary. */
    private static final Set<String> WORDS = Stream.concat(
                    Stream.of("NOT_FOUND", "UNKNOWN", "REDIRECTION", "root"),
                    Routes.table().stream().map(Routes.Route::name))
            .collect(Collectors.toUnmodifiableSet());

    @Override
    public Meter.Id map(Meter.Id id) {
        if (!id.getName().startsWith("http.server")) {
            return id;
        }
        boolean refused = REFUSED.matcher(String.valueOf(id.getTag("status"))).matches();
        return id.replaceTags(id.getTags().stream()
                .map(tag -> switch (tag.getKey()) {
                    case "method" -> METHODS.contains(tag.getValue()) ? tag : Tag.of("method", LabelledCounters.OTHERS);
                    case "uri" -> refused ? Tag.of("uri", route(tag.getValue())) : tag;
                    default -> tag;
                })
                .toList());
    }

    private static String route(String uri) {
        return Routes.table().stream()
                .filter(route -> route.path().matcher(uri).matches())
                .map(Routes.Route::name)
                .findFirst()
                .orElse(WORDS.contains(uri) ? uri : LabelledCounters.OTHERS);
    }

    @Override
    public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
        return id.getName().equals(REQUESTS)
                ? DistributionStatisticConfig.builder()
                        .serviceLevelObjectives(Buckets.REQUESTS)
                        .build()
                        .merge(config)
                : config;
    }
}
