package io.countersign.service.policies;

import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyIssue;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** What policies have to say at this moment, found once a second however many ask. */
final class Findings {
    private final InstantSource clock;
    private final AtomicReference<Second> second = new AtomicReference<>(Second.beginning(Instant.EPOCH));

    /** The findings of one second. */
    private record Second(Instant begin, Map<AppraisalPolicy, List<PolicyIssue>> found) {
        static Second beginning(Instant begin) {
            return new Second(begin, new ConcurrentHashMap<>());
        }
    }

    Findings(InstantSource clock) {
        this.clock = clock;
    }

    List<PolicyIssue> of(AppraisalPolicy policy) {
        Instant begin = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Second now = second.updateAndGet(held -> held.begin().equals(begin) ? held : Second.beginning(begin));
        return now.found().computeIfAbsent(policy, each -> each.findings(begin));
    }
}
