package io.countersign.service.earlywarning;

import io.countersign.trial.Platform;
import io.countersign.trial.Sighting;
import io.countersign.verifier.bytes.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * The platforms accepted lately, bounded in number and in bytes: one entry for each machine and policy, the newest sighting in the
 * place of the one before. Of what does not fit, that seen longest ago goes first.
 */
final class SeenPlatforms {
    /** What an entry takes beside what the request brought: parsed evidence, certificates, claims. A guess on the safe side. */
    static final long OF_EACH = 24 * 1024;

    /** One machine under one policy. */
    record Key(Bytes platform, String policy) {}

    /**
     * A platform as it was last accepted.
     *
     * @param evidence SHA-256, as tokens and audit lines state it
     * @param size bytes that keeping this costs
     */
    record Entry(Platform platform, String policy, Sighting sighting, Bytes evidence, long size) {
        Key key() {
            return new Key(platform.key(), policy);
        }
    }

    private final int most;
    private final long mostBytes;
    private final Duration forgetAfter;
    private final SequencedMap<Key, Entry> entries = new LinkedHashMap<>();
    private long bytes;
    private long driven;

    SeenPlatforms(int most, long mostBytes, Duration forgetAfter) {
        this.most = most;
        this.mostBytes = mostBytes;
        this.forgetAfter = forgetAfter;
    }

    /** Takes the newest sighting of a platform; what alone would take more than a quarter of the room is not taken. */
    synchronized void remember(Entry entry) {
        remove(entry.key());
        if (entry.size() > mostBytes / 4) {
            driven++;
            return;
        }
        entries.putLast(entry.key(), entry);
        bytes += entry.size();
        while (entries.size() > most || bytes > mostBytes) {
            remove(entries.firstEntry().getKey());
            driven++;
        }
    }

    private void remove(Key key) {
        Entry removed = entries.remove(key);
        if (removed != null) {
            bytes -= removed.size();
        }
    }

    /** Those that were seen lately; the others are forgotten, and so are those under policies that are gone. */
    synchronized List<Entry> lately(Instant now, java.util.function.Predicate<String> policyIsThere) {
        Instant since = now.minus(forgetAfter);
        List<Key> gone = entries.values().stream()
                .filter(entry -> entry.sighting().at().isBefore(since) || !policyIsThere.test(entry.policy()))
                .map(Entry::key)
                .toList();
        gone.forEach(this::remove);
        return List.copyOf(entries.values());
    }

    synchronized int size() {
        return entries.size();
    }

    synchronized long bytes() {
        return bytes;
    }

    /** How many were forgotten, or not taken, for want of room. */
    synchronized long drivenOut() {
        return driven;
    }
}
