package io.countersign.service.wiring;

import io.countersign.cases.CaseSource;
import io.countersign.service.api.request.AppraisalRequestReader;
import io.countersign.service.api.request.EvidenceReader;
import io.countersign.service.api.request.JsonText;
import io.countersign.service.appraisal.AppraisalService;
import io.countersign.service.appraisal.AttestationService;
import io.countersign.service.appraisal.AttestationService.TokenTerms;
import io.countersign.service.appraisal.Bystanders;
import io.countersign.service.appraisal.Drafts;
import io.countersign.service.appraisal.Freshening;
import io.countersign.service.appraisal.PolicyChoice;
import io.countersign.service.audience.Audiences;
import io.countersign.service.collateral.EndorsementGatherer;
import io.countersign.service.config.CountersignConfig;
import io.countersign.service.limits.Limit;
import io.countersign.service.limits.LimitsObserver;
import io.countersign.service.ops.PolicyMetrics;
import io.countersign.service.ops.TimedSigner;
import io.countersign.service.policies.LoadedPolicies;
import io.countersign.service.policies.PolicyLibrary;
import io.countersign.service.policies.PolicyObserver;
import io.countersign.service.policies.PolicySigners;
import io.countersign.service.verbs.Verbs;
import io.countersign.verifier.Verifier;
import io.countersign.verifier.policy.PolicyParser;
import io.countersign.verifier.scheme.Schemes;
import io.countersign.verifier.token.TokenContext;
import io.countersign.verifier.token.TokenIssuer;
import io.countersign.verifier.token.TokenSigner;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The shell's parts, each made once. */
@Singleton
class Wiring {
    @Produces
    @Singleton
    InstantSource clock() {
        return InstantSource.system();
    }

    @Produces
    @Singleton
    SecureRandom random() {
        return new SecureRandom();
    }

    @Produces
    @Singleton
    JsonText json(CountersignConfig config, LimitsObserver limits) {
        return new JsonText(Bounds.depth(config.limits()), () -> limits.refused(Limit.DEPTH));
    }

    @Produces
    @Singleton
    EvidenceReader evidenceReader(Schemes schemes, CountersignConfig config, LimitsObserver limits) {
        return new EvidenceReader(schemes, Bounds.devices(config.limits()), () -> limits.refused(Limit.DEVICES));
    }

    @Produces
    @Singleton
    AppraisalRequestReader requestReader(JsonText json, EvidenceReader evidence) {
        return new AppraisalRequestReader(json, evidence);
    }

    @Produces
    @Singleton
    PolicyParser policyParser(Schemes schemes) {
        return Tees.policyParser(schemes);
    }

    @Produces
    @Singleton
    PolicyMetrics policyMetrics(MeterRegistry registry, InstantSource clock) {
        return new PolicyMetrics(registry, clock);
    }

    @Produces
    @Singleton
    LoadedPolicies policies(
            PolicyParser parser,
            Schemes schemes,
            CountersignConfig config,
            InstantSource clock,
            PolicyMetrics metrics,
            OperatorEvents audit) {
        Duration poll = config.policies().poll();
        if (poll.compareTo(Duration.ofSeconds(1)) < 0 || poll.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("countersign.policies.poll is from 1s to 1h, not " + poll);
        }
        CaseSource shipped = TrialCases.shipped();
        return new LoadedPolicies(
                parser,
                new LoadedPolicies.Sources(
                        config.policiesDir(),
                        config.policies().signers().map(PolicySigners::read),
                        file -> TrialCases.besides(file, schemes, shipped)),
                clock,
                PolicyObserver.both(metrics, audit));
    }

    @Produces
    @Singleton
    Audiences audiences(CountersignConfig config) {
        return new Audiences(config.audiences());
    }

    @Produces
    @Singleton
    PolicyChoice policyChoice(PolicyLibrary library, Audiences audiences, CountersignConfig config) {
        return new PolicyChoice(library, audiences, config.defaultPolicy());
    }

    @Produces
    @Singleton
    Drafts drafts(PolicyParser parser, CountersignConfig config) {
        return new Drafts(parser, config.drafts() ? Drafts.Permission.ALLOWED : Drafts.Permission.SWITCHED_OFF);
    }

    @Produces
    @Singleton
    AppraisalService appraisals(EndorsementGatherer gatherer, Verbs verbs) {
        return new AppraisalService(new Verifier(), gatherer, verbs);
    }

    @Produces
    @Singleton
    TokenTerms tokenTerms(CountersignConfig config) {
        String base = config.issuer();
        return new TokenTerms(
                base.endsWith("/") ? base.substring(0, base.length() - 1) : base,
                config.token().lifetime(),
                config.insecure().enabled() ? TokenContext.Assurance.INSECURE : TokenContext.Assurance.PRODUCTION);
    }

    @Produces
    @Singleton
    AttestationService attestations(
            AppraisalService appraisals,
            PolicyChoice choice,
            Freshening freshening,
            TokenSigner signer,
            TokenTerms terms,
            InstantSource clock,
            SecureRandom random,
            Bystanders bystanders,
            Verbs verbs,
            MeterRegistry registry,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        return new AttestationService(
                appraisals,
                choice,
                freshening,
                new TokenIssuer(new TimedSigner(signer, registry), "countersign " + version),
                terms,
                clock,
                random,
                bystanders,
                verbs);
    }
}
