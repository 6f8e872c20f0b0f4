package io.countersign.service.wiring;

import io.countersign.service.api.AppraisalAnswers;
import io.countersign.service.api.AttestationAnswers;
import io.countersign.service.appraisal.AppraisalService;
import io.countersign.service.appraisal.AttestationService;
import io.countersign.service.appraisal.AttestationService.TokenTerms;
import io.countersign.service.appraisal.Bystanders;
import io.countersign.service.appraisal.Challenges;
import io.countersign.service.appraisal.Drafts;
import io.countersign.service.appraisal.Freshening;
import io.countersign.service.appraisal.KeptAnswers;
import io.countersign.service.appraisal.PolicyChoice;
import io.countersign.service.audience.Audiences;
import io.countersign.service.caller.AccessRules;
import io.countersign.service.caller.Callers;
import io.countersign.service.config.CountersignConfig;
import io.countersign.service.introspection.Introspections;
import io.countersign.service.ops.IntrospectionMetrics;
import io.countersign.service.policies.PolicyLibrary;
import io.countersign.service.signing.IssuedTokens;
import io.countersign.service.store.OnceStore;
import io.countersign.service.verbs.Verbs;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;

/** Who asks, and what a caller gets that nobody else does. */
@Singleton
class CallerWiring {
    @Produces
    @Singleton
    Callers callers(CountersignConfig config, AccessRules rules) {
        return new Callers(config.callers(), config.audiences().keySet(), rules);
    }

    @Produces
    @Singleton
    Freshening freshening(Challenges challenges, OnceStore store) {
        return new Freshening(challenges, store);
    }

    @Produces
    @Singleton
    AttestationAnswers attestationAnswers(
            AttestationService service,
            OnceStore store,
            IssuedTokens issued,
            SecureRandom random,
            InstantSource clock) {
        return new AttestationAnswers(service, new KeptAnswers(store, random), issued, clock);
    }

    @Produces
    @Singleton
    AppraisalAnswers appraisalAnswers(
            AppraisalService service,
            PolicyChoice choice,
            Drafts drafts,
            TokenTerms terms,
            Bystanders bystanders,
            Verbs verbs) {
        return new AppraisalAnswers(service, choice, drafts, terms, bystanders, verbs);
    }

    @Produces
    @Singleton
    Introspections introspections(
            IssuedTokens issued,
            Audiences audiences,
            PolicyLibrary policies,
            OnceStore store,
            InstantSource clock,
            MeterRegistry registry) {
        return new Introspections(issued, audiences, policies, store, clock, new IntrospectionMetrics(registry));
    }
}
