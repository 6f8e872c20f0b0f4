package io.countersign.service.collateral;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.countersign.verifier.bytes.Bytes;
import java.math.BigInteger;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The newest edition that each origin has given out of each thing, so that none of them can go back unnoticed, not even over
 * a restart. Only what the service itself fetched, and was willing to keep, is ever noted here.
 *
 * <p>On disk, one file for each thing and one line for each origin: the number, the time of issue or a dash, the address.
 */
final class SeenEditions {
    private static final int BOUND = 1_000;
    private static final int MAX_LENGTH = 64 * 1024;
    private static final Pattern LINE = Pattern.compile("([0-9]{1,40}) (\\S{1,40}) (\\S{1,2000})");
    private static final String UNDATED = "-";

    private final EndorsementStore store;
    private final Cache<String, Map<URI, Edition>> read =
            Caffeine.newBuilder().maximumSize(BOUND).build();

    SeenEditions(EndorsementStore store) {
        this.store = store;
    }

    synchronized Optional<Edition> of(String file, URI origin) {
        return Optional.ofNullable(all(file).get(origin));
    }

    /** The highest number that any of these origins has given out. */
    synchronized Optional<BigInteger> highest(String file, List<URI> origins) {
        Map<URI, Edition> seen = all(file);
        return origins.stream()
                .flatMap(origin -> Optional.ofNullable(seen.get(origin)).stream())
                .map(Edition::number)
                .max(BigInteger::compareTo);
    }

    /** Notes an edition, unless it precedes the one that is noted. */
    synchronized void raise(String file, URI origin, Edition edition, EndorsementTraits.Use use) {
        var seen = new HashMap<>(all(file));
        Edition before = seen.get(origin);
        if (before != null && (edition.precedes(before) || edition.equals(before))) {
            return;
        }
        seen.put(origin, edition);
        read.put(file, Map.copyOf(seen));
        store.write(file, Bytes.utf8(text(seen)), use);
    }

    private static String text(Map<URI, Edition> seen) {
        return seen.entrySet().stream()
                .map(entry -> line(entry.getValue(), entry.getKey()))
                .sorted()
                .collect(Collectors.joining());
    }

    private static String line(Edition edition, URI origin) {
        String issuedAt = edition.issuedAt().map(Instant::toString).orElse(UNDATED);
        return edition.number() + " " + issuedAt + " " + origin + "\n";
    }

    private Map<URI, Edition> all(String file) {
        return read.get(file, this::fromFolder);
    }

    private Map<URI, Edition> fromFolder(String file) {
        var seen = new HashMap<URI, Edition>();
        store.read(file, MAX_LENGTH)
                .ifPresent(stored -> stored.content().toUtf8().lines().forEach(line -> note(line, seen, file)));
        return Map.copyOf(seen);
    }

    private void note(String line, Map<URI, Edition> seen, String file) {
        Matcher parts = LINE.matcher(line);
        try {
            if (parts.matches()) {
                Optional<Instant> issuedAt =
                        parts.group(2).equals(UNDATED) ? Optional.empty() : Optional.of(Instant.parse(parts.group(2)));
                seen.put(URI.create(parts.group(3)), new Edition(new BigInteger(parts.group(1)), issuedAt));
                return;
            }
        } catch (DateTimeException | IllegalArgumentException _) {
            // Said below, as for a line of another form.
        }
        store.unreadable(file, "a line of it is not a number, a time and an address");
    }
}
