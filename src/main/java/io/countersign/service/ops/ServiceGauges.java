package io.countersign.service.ops;

import io.countersign.service.policies.PolicyLibrary;
import io.countersign.service.signing.SigningRing;
import io.countersign.service.signing.SigningRing.Readiness.Unusable;
import io.countersign.service.signing.SigningRing.Readiness.Usable;
import io.countersign.verifier.token.TokenContext;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;

/** What holds of the service as a whole. */
public final class ServiceGauges {
    private final SigningRing ring;
    private final PolicyLibrary library;
    private final String defaultPolicy;

    /** Shows readiness as probes see it: the signing key usable, the default policy loaded. */
    public ServiceGauges(SigningRing ring, PolicyLibrary library, String defaultPolicy) {
        this.ring = ring;
        this.library = library;
        this.defaultPolicy = defaultPolicy;
    }

    /** From now on. */
    public void show(MeterRegistry registry, InstantSource clock, TokenContext.Assurance assurance) {
        Gauge.builder("countersign.ready", this, ServiceGauges::ready)
                .description("1 while the signing key is usable and the default policy is loaded")
                .strongReference(true)
                .register(registry);
        Gauge.builder("countersign.insecure", () -> assurance == TokenContext.Assurance.INSECURE ? 1 : 0)
                .description(
                        "1 when laboratory trust anchors are in force, so that tokens prove nothing about hardware")
                .register(registry);
        Gauge.builder("countersign.clock", clock, each -> each.millis() / 1_000.0)
                .description("this service's clock, since 1970-01-01T00:00:00Z, for comparing with other clocks")
                .baseUnit("seconds")
                .strongReference(true)
                .register(registry);
    }

    private double ready() {
        boolean signs =
                switch (ring.readiness()) {
                    case Usable _ -> true;
                    case Unusable _ -> false;
                };
        return signs && library.find(defaultPolicy).isPresent() ? 1 : 0;
    }
}
