package io.countersign.service.wiring;

import io.countersign.service.appraisal.AttestationService;
import io.countersign.service.appraisal.AttestationService.TokenTerms;
import io.countersign.service.audience.Audiences;
import io.countersign.service.caller.Callers;
import io.countersign.service.collateral.EndorsementGatherer;
import io.countersign.service.config.CountersignConfig;
import io.countersign.service.policies.LoadedPolicies;
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
    private final LoadedPolicies policies;
    private final AudienceWarnings audienceWarnings;

    Start(EndorsementGatherer gatherer, LoadedPolicies policies, Audiences audiences, InstantSource clock) {
        this.gatherer = gatherer;
        this.policies = policies;
        this.audienceWarnings = new AudienceWarnings(audiences, policies, clock);
    }

    void say(
            @Observes StartupEvent started,
            CountersignConfig config,
            TokenTerms terms,
            AttestationService attestations,
            Callers callers) {
        Bounds.batch(config.limits());
        int bytes = Bounds.requestBytes(config.limits());
        LOG.debugf("requests of up to %d bytes are read; %s", bytes, attestations);
        if (terms.assurance() == TokenContext.Assurance.INSECURE) {
            LOG.warnf(
                    "INSECURE: laboratory trust anchors are in force. Results and tokens (iss %s) prove nothing about hardware.",
                    terms.issuer());
        }
        config.audiences().forEach((name, audience) -> {
            if (audience.callerNonce() && callers.spokenFor(name) == Callers.Spoken.BY_NOBODY) {
                LOG.warnf(
                        "audience %s: caller-nonce is set, but no caller speaks for it, so nobody can bring a nonce: register"
                                + " one with countersign.callers.<name>.secret-sha256 and countersign.callers.<name>.audiences=%s",
                        name, name);
            }
        });
        audienceWarnings.say();
    }

    /** Policies change, reference values end: what an audience may ask for is looked at again each time. */
    @Scheduled(
            every = "${countersign.policies.poll:2s}",
            delayed = "1s",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void watchPolicies() {
        policies.poll();
        audienceWarnings.say();
    }

    /** Revocation lists are renewed before they end, so that no request waits for one. */
    @Scheduled(every = "60s", delayed = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void refresh() {
        gatherer.refreshDue();
    }
}
