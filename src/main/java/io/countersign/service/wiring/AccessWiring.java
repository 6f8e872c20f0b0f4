package io.countersign.service.wiring;

import io.countersign.service.access.Gate;
import io.countersign.service.access.Identification;
import io.countersign.service.access.IssuerTokens.Origin;
import io.countersign.service.appraisal.AttestationService.TokenTerms;
import io.countersign.service.caller.AccessRules;
import io.countersign.service.caller.Callers;
import io.countersign.service.config.CountersignConfig;
import io.countersign.service.ops.AccessMetrics;
import io.countersign.service.signing.IssuedTokens;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** Who may ask for what. Whatever is wrong with it stops the start with its sentence. */
@Singleton
class AccessWiring {
    @Produces
    @Singleton
    AccessRules accessRules(CountersignConfig config) {
        return AccessRules.of(config.access().anonymous(), config.callers());
    }

    @Produces
    @Singleton
    Gate gate(
            CountersignConfig config,
            AccessRules rules,
            Callers callers,
            TokenTerms terms,
            IssuedTokens issued,
            InstantSource clock,
            MeterRegistry registry) {
        var tokens = OidcSettings.of(
                config.access().oidc(),
                callers,
                new OidcSettings.Surroundings(
                        terms.baseUrl(),
                        config.collateral().offline() ? OidcSettings.Network.NEVER_LEFT : OidcSettings.Network.ALLOWED),
                compact -> issued.recognise(compact) instanceof IssuedTokens.Recognition.Ours
                        ? Origin.THIS_SERVICE
                        : Origin.ELSEWHERE,
                clock);
        return new Gate(rules, new Identification(callers, tokens, clock), new AccessMetrics(registry));
    }
}
