package io.countersign.service.audit;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is to stand in a line, before it has its place in the chain.
 *
 * @param members plain values, in the order in which they are written
 */
public record Entry(Instant time, Kind kind, Map<String, Object> members) {
    public Entry {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members)); // in their order
    }
}
