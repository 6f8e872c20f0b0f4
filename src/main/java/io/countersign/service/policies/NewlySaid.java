package io.countersign.service.policies;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Says a thing once, and again only after it was not so for a while. */
public final class NewlySaid {
    private Set<String> before = Set.of();

    /** Of everything that is so now, what was not so the last time. */
    public List<String> of(Collection<String> now) {
        var fresh = new LinkedHashSet<>(now);
        fresh.removeAll(before);
        before = Set.copyOf(now);
        return List.copyOf(fresh);
    }
}
