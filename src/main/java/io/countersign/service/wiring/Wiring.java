package io.countersign.service.wiring;

import io.countersign.cases.CaseSource;
import io.countersign.service.api.Admission;
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
import io.countersign.service.ops.PolicyMetrics;
import io.countersign.service.policies.LoadedPolicies;
import io.countersign.service.policies.PolicyLibrary;
import io.countersign.service.policies.PolicySigners;
import io.countersign.verifier.Verifier;
import io.countersign.verifier.policy.PolicyParser;
import io.countersign.verifier.scheme.Schemes;
import io.countersign.verifier.token.TokenContext;
import io.countersign.verifier.token.TokenIssuer;
import io.countersign.verifier.token.TokenSigner;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.virtual.threads.VirtualThreads;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
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
    JsonText json(CountersignConfig config) {
        return new JsonText(Bounds.depth(config.limits()));
    }

    @Produces
    @Singleton
    Admission admission(CountersignConfig config, @VirtualThreads ExecutorService threads) {
        return new Admission(config.limits().concurrent(), threads);
    }

    @Produces
    @Singleton
    EvidenceReader evidenceReader(Schemes schemes, CountersignConfig config) {
        return new EvidenceReader(schemes, Bounds.devices(config.limits()));
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
            PolicyMetrics metrics) {
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
                metrics);
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
    AppraisalService appraisals(EndorsementGatherer gatherer) {
        return new AppraisalService(new Verifier(), gatherer);
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
            @ConfigProperty(name = "quarkus.application.version") String version) {
        return new AttestationService(
                appraisals,
                choice,
                freshening,
                new TokenIssuer(signer, "countersign " + version),
                terms,
                clock,
                random,
                bystanders);
    }
}
