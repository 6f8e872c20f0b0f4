package io.countersign.service.audit;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Counts the decisions that could not be written down, until a line can say so. */
final class Unwritten {
    private Optional<Count> count = Optional.empty();

    /**
     * So many since then.
     *
     * @param why what was in the way last
     */
    record Count(long decisions, Instant since, String why) {
        Map<String, Object> members() {
            var members = new LinkedHashMap<String, Object>();
            members.put("since", since.toString());
            members.put("decisions", decisions);
            members.put("why", why);
            return members;
        }
    }

    synchronized void add(Count more) {
        count = Optional.of(
                count.map(before -> new Count(before.decisions() + more.decisions(), earlier(before, more), more.why()))
                        .orElse(more));
    }

    private static Instant earlier(Count one, Count other) {
        return one.since().isBefore(other.since()) ? one.since() : other.since();
    }

    synchronized Optional<Count> take() {
        Optional<Count> taken = count;
        count = Optional.empty();
        return taken;
    }
}
