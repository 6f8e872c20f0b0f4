package io.countersign.service.wiring;

import io.countersign.service.appraisal.AttestationService;
import io.countersign.service.appraisal.AttestationService.TokenTerms;
import io.countersign.service.audience.Audiences;
import io.countersign.service.collateral.EndorsementGatherer;
import io.countersign.service.config.CountersignConfig;
import io.countersign.service.policies.PolicyLibrary;
import io.countersign.verifier.result.AttestationResult.Workload;
import io.countersign.verifier.token.TokenContext;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.jboss.logging.Logger;

/** Makes everything at start, so that what is wrong is said then, and says what an operator must know. */
@Singleton
class Start {
    private static final Logger LOG = Logger.getLogger("io.countersign");

    private final EndorsementGatherer gatherer;

    Start(EndorsementGatherer gatherer) {
        this.gatherer = gatherer;
    }

    void say(
            @Observes StartupEvent started,
            CountersignConfig config,
            TokenTerms terms,
            Audiences audiences,
            PolicyLibrary policies,
            AttestationService attestations,
            InstantSource clock) {
        if (config.redisUrl().isPresent()) {
            throw new IllegalArgumentException(
                    "countersign.redis-url is set, but this version remembers spent nonces in memory only: run one replica");
        }
        int bytes = Bounds.requestBytes(config.limits());
        LOG.debugf("requests of up to %d bytes are read; %s", bytes, attestations);
        if (terms.assurance() == TokenContext.Assurance.INSECURE) {
            LOG.warnf(
                    "INSECURE: laboratory trust anchors are in force. Results and tokens (iss %s) prove nothing about hardware.",
                    terms.issuer());
        }
        config.audiences().forEach((name, audience) -> {
            if (audience.callerNonce()) {
                LOG.warnf(
                        "audience %s: caller-nonce is set, but this version knows no authenticated callers and refuses every"
                                + " nonce that is not its own",
                        name);
            }
        });
        for (Audiences.Audience audience : audiences.all()) {
            for (String id : audience.policies()) {
                var policy = policies.find(id);
                if (policy.isEmpty()) {
                    LOG.warnf("audience %s may ask for the policy %s, which is not loaded", audience.name(), id);
                } else if (policy.get().workload(clock.instant()) instanceof Workload.NotPinned) {
                    LOG.warnf(
                            "audience %s may ask for the policy %s, which pins no workload and lets no token be made",
                            audience.name(), id);
                }
            }
        }
    }

    /** Revocation lists are renewed before they end, so that no request waits for one. */
    @Scheduled(every = "60s", delayed = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void refresh() {
        gatherer.refreshDue();
    }
}
