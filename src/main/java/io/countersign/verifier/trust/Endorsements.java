package io.countersign.verifier.trust;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The endorsements of one appraisal: what the request brought, by slot, and what the service gathered, by reference. What
 * is brought is used in place of the service's own for that slot, and judged.
 */
public final class Endorsements {
    private static final Availability NOT_GATHERED =
            new Availability.Missing("nobody fetched it", Outcome.Cause.NOT_IN_HAND);

    private final Map<String, List<Bytes>> brought;
    private final Map<EndorsementRef, Availability> gathered;

    private Endorsements(Map<String, List<Bytes>> brought, Map<EndorsementRef, Availability> gathered) {
        this.brought = Map.copyOf(brought);
        this.gathered = Map.copyOf(gathered);
    }

    /**
     * What a request brings along, before anything was gathered.
     *
     * @param slots named as in the request: {@code amd.crl}, {@code amd.certificates}, …
     */
    public static Endorsements brought(Map<String, List<Bytes>> slots) {
        return new Endorsements(slots, Map.of());
    }

    public static Endorsements none() {
        return brought(Map.of());
    }

    /** These endorsements and, beside them, what was gathered since; a reference is answered once. */
    public Endorsements with(Map<EndorsementRef, Availability> more) {
        var all = new HashMap<>(gathered);
        more.forEach(all::putIfAbsent);
        return new Endorsements(brought, all);
    }

    /** What the request brought for a slot; empty when it brought nothing. */
    public List<Bytes> brought(String slot) {
        return brought.getOrDefault(slot, List.of());
    }

    /** Whether the shell has answered this reference, with the endorsement or with the reason why it is missing. */
    public boolean answered(EndorsementRef ref) {
        return gathered.containsKey(ref);
    }

    public Availability gathered(EndorsementRef ref) {
        return gathered.getOrDefault(ref, NOT_GATHERED);
    }
}
