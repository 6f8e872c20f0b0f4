package io.countersign.service.ops;

import io.countersign.service.appraisal.AttestationService.TokenTerms;
import io.countersign.service.collateral.EndorsementGatherer;
import io.countersign.service.config.CountersignConfig;
import io.countersign.service.policies.PolicyLibrary;
import io.countersign.service.signing.RotationSchedule;
import io.countersign.service.signing.SigningRing;
import io.countersign.service.signing.SigningRing.Readiness.Unusable;
import io.countersign.service.signing.SigningRing.Readiness.Usable;
import io.countersign.service.signing.Standing;
import io.countersign.verifier.token.TokenContext;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready means: the signing key is usable and the default policy is loaded. Everything else is data. */
@Singleton
class ServiceHealth {
    @Produces
    @Readiness
    @Singleton
    HealthCheck signingKey(SigningRing ring, RotationSchedule schedule, TokenTerms terms) {
        return () -> {
            var response = HealthCheckResponse.named("signing key")
                    .withData("insecure", terms.assurance() == TokenContext.Assurance.INSECURE);
            switch (ring.readiness()) {
                case Usable(var key) ->
                    response.up().withData("algorithm", key.algorithm().name());
                case Unusable(String why) -> response.down().withData("trouble", why);
            }
            ring.standings().stream()
                    .filter(Standing::published)
                    .forEach(each -> response.withData("key " + each.key().kid(), each.words()));
            ring.trouble().ifPresent(why -> response.withData("folder trouble", why));
            schedule.trouble().ifPresent(why -> response.withData("schedule trouble", why));
            return response.build();
        };
    }

    @Produces
    @Readiness
    @Singleton
    HealthCheck policies(PolicyLibrary library, CountersignConfig config) {
        return () -> {
            var response = HealthCheckResponse.named("policies")
                    .withData("default", config.defaultPolicy())
                    .status(library.find(config.defaultPolicy()).isPresent());
            PolicyStates.of(library).forEach(response::withData);
            library.folder().read().ifPresent(at -> response.withData("folder read at", at.toString()));
            library.folder().trouble().ifPresent(why -> response.withData("folder trouble", why));
            return response.build();
        };
    }

    /** Always up: how old endorsements are is for people and alarms, never a reason to take a replica away. */
    @Produces
    @Readiness
    @Singleton
    HealthCheck endorsements(EndorsementGatherer gatherer, SignatureProvider signatures) {
        return () -> {
            var response = HealthCheckResponse.named("endorsements and signatures")
                    .withData("signature provider", signatures.provider().getName())
                    .withData("signature speed", signatures.speed().name().toLowerCase(java.util.Locale.ROOT));
            gatherer.states().forEach(state -> {
                String name = state.kind() + " " + state.product();
                response.withData(name + " held", state.held());
                state.fetchedAt().ifPresent(at -> response.withData(name + " fetched at", at.toString()));
                state.freshUntil().ifPresent(at -> response.withData(name + " fresh until", at.toString()));
                state.lastFailure()
                        .ifPresent(failure ->
                                response.withData(name + " last failure", failure.at() + ": " + failure.why()));
            });
            return response.up().build();
        };
    }
}
