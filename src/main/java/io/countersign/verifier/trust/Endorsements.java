package io.countersign.verifier.trust;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The endorsements of one appraisal: what the request brought, by slot, and what the service gathered, by reference. What
 * is brought is used in place of the service's own for that slot, and judged.
 */
public final class Endorsements {
    private static final Availability NOT_GATHERED =
            new Availability.Missing("nobody fetched it", Outcome.Cause.NOT_IN_HAND);

    private final Map<String, List<Bytes>> brought;
    private final Map<EndorsementRef, Availability> gathered;

    /** By keys whose types tell apart what was worked out; ends with the request. */
    private final ConcurrentMap<Object, Once<?>> worked;

    private Endorsements(
            Map<String, List<Bytes>> brought,
            Map<EndorsementRef, Availability> gathered,
            ConcurrentMap<Object, Once<?>> worked) {
        this.brought = Map.copyOf(brought);
        this.gathered = Map.copyOf(gathered);
        this.worked = worked;
    }

    /**
     * What a request brings along, before anything was gathered.
     *
     * @param slots named as in the request: {@code amd.crl}, {@code amd.certificates}, …
     */
    public static Endorsements brought(Map<String, List<Bytes>> slots) {
        return new Endorsements(slots, Map.of(), new ConcurrentHashMap<>());
    }

    public static Endorsements none() {
        return brought(Map.of());
    }

    /** These endorsements and, beside them, what was gathered since; a reference is answered once. */
    public Endorsements with(Map<EndorsementRef, Availability> more) {
        var all = new HashMap<>(gathered);
        more.forEach(all::putIfAbsent);
        return new Endorsements(brought, all, worked);
    }

    /** What the request brought for a slot; empty when it brought nothing. */
    public List<Bytes> brought(String slot) {
        return brought.getOrDefault(slot, List.of());
    }

    /**
     * What follows from bytes that the request brought, worked out once for all of its devices and rounds: a request may bring
     * much, for many devices, and what is refused stands in no other memory.
     *
     * @param key of a type that only one kind of work uses; equal keys stand for work that ends the same
     */
    public <T> T once(Object key, Class<T> type, Supplier<T> work) {
        return type.cast(worked.computeIfAbsent(key, _ -> new Once<>(work)).get());
    }

    /** Worked out by whoever comes first, outside of the map, so that such work may rest on other such work. */
    private static final class Once<T> {
        private final Supplier<T> work;
        private @Nullable T ended;

        Once(Supplier<T> work) {
            this.work = work;
        }

        synchronized T get() {
            T known = ended;
            if (known == null) {
                known = work.get();
                ended = known;
            }
            return known;
        }
    }

    /** Everything that the request brought, by slot. */
    public Map<String, List<Bytes>> brought() {
        return brought;
    }

    /** Every answer of the shell, by reference. */
    public Map<EndorsementRef, Availability> gathered() {
        return gathered;
    }

    /** Whether the shell has answered this reference, with the endorsement or with the reason why it is missing. */
    public boolean answered(EndorsementRef ref) {
        return gathered.containsKey(ref);
    }

    public Availability gathered(EndorsementRef ref) {
        return gathered.getOrDefault(ref, NOT_GATHERED);
    }
}
