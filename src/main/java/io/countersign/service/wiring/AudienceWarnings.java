package io.countersign.service.wiring;

import io.countersign.service.audience.Audiences;
import io.countersign.service.policies.NewlySaid;
import io.countersign.service.policies.PolicyLibrary;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.result.AttestationResult.Workload;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Says which policies an audience may ask for in vain; each thing once, for as long as it is so. */
final class AudienceWarnings {
    private static final Logger LOG = Logger.getLogger("io.countersign");

    private final Audiences audiences;
    private final PolicyLibrary policies;
    private final InstantSource clock;
    private final NewlySaid said = new NewlySaid();

    AudienceWarnings(Audiences audiences, PolicyLibrary policies, InstantSource clock) {
        this.audiences = audiences;
        this.policies = policies;
        this.clock = clock;
    }

    synchronized void say() {
        said.of(all()).forEach(LOG::warn);
    }

    /** Everything that is so now. */
    List<String> all() {
        Instant now = clock.instant();
        var warnings = new ArrayList<String>();
        for (Audiences.Audience audience : audiences.all()) {
            for (String id : audience.policies()) {
                inVain(id, now)
                        .ifPresent(why -> warnings.add(
                                "audience %s may ask for the policy %s, which %s".formatted(audience.name(), id, why)));
            }
        }
        return warnings;
    }

    private Optional<String> inVain(String id, Instant now) {
        Optional<AppraisalPolicy> policy = policies.find(id);
        if (policy.isEmpty()) {
            return Optional.of("is not loaded");
        }
        if (policy.get().shadowOf().isPresent()) {
            return Optional.of("is a shadow and lets no token be made");
        }
        return policy.get().workload(now) instanceof Workload.NotPinned
                ? Optional.of("pins no workload and lets no token be made")
                : Optional.empty();
    }
}
