package io.countersign.service.wiring;

import io.countersign.service.collateral.EarlyChannel;
import io.countersign.service.config.CountersignConfig;
import io.countersign.service.config.EarlyWarningConfig;
import io.countersign.service.earlywarning.EarlyWarningBounds;
import io.countersign.service.earlywarning.EarlyWarnings;
import io.countersign.service.earlywarning.RoundSummary;
import io.countersign.service.ops.EarlyWarningMetrics;
import io.countersign.service.ops.SignatureProvider;
import io.countersign.service.policies.PolicyLibrary;
import io.countersign.trial.Forecast.Standing;
import io.countersign.verifier.scheme.DeviceClass;
import io.countersign.verifier.scheme.Schemes;
import io.countersign.verifier.tee.tdx.IntelSigned;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/** Early warning, where an operator switched it on. */
@Singleton
class EarlyWarningWiring {
    private static final Logger LOG = Logger.getLogger("io.countersign");

    /** What watches, if anything does. */
    record Warning(Optional<EarlyWarnings> watching, Optional<EarlyWarningMetrics> metrics) {}

    @Produces
    @Singleton
    Warning warning(
            CountersignConfig config,
            PolicyLibrary policies,
            TrustAnchors anchors,
            SignatureProvider provider,
            SignatureFacts facts,
            Schemes schemes,
            InstantSource clock,
            MeterRegistry registry) {
        EarlyWarningConfig own = config.earlyWarning();
        if (!own.enabled()) {
            return new Warning(Optional.empty(), Optional.empty());
        }
        if (own.every().compareTo(Duration.ofSeconds(1)) < 0 || own.every().compareTo(Duration.ofDays(7)) > 0) {
            throw new IllegalArgumentException("countersign.early-warning.every is from 1s to 7d, not " + own.every());
        }
        if (config.collateral().intelUpdate().equals("early")) {
            LOG.warn(
                    "early warning: Intel's early channel is in force already (countersign.collateral.intel-update), so a TCB"
                            + " recovery counts as soon as Intel publishes it, and nothing can warn before");
        }
        var metrics = new EarlyWarningMetrics(
                registry,
                schemes.all().stream()
                        .filter(scheme -> scheme.deviceClass() == DeviceClass.CPU)
                        .map(scheme -> scheme.id())
                        .toList());
        var signed = new IntelSigned(anchors, Signatures.by(provider.provider()), facts);
        var watching = new EarlyWarnings(
                new EarlyWarnings.Means(
                        policies::find,
                        own.policy(),
                        new EarlyChannel(CollateralSettings.of(config), clock),
                        signed::publication,
                        clock),
                new EarlyWarningBounds(own.platforms(), own.maxBytes(), own.forgetAfter()),
                metrics);
        return new Warning(Optional.of(watching), Optional.of(metrics));
    }

    void close(@Disposes Warning warning) {
        warning.watching().ifPresent(EarlyWarnings::close);
    }

    /** Always up: what will be refused one day is for people and alarms, never a reason to take a replica away. */
    @Produces
    @Readiness
    @Singleton
    HealthCheck health(Warning warning) {
        return () -> {
            var response = HealthCheckResponse.named("early warning")
                    .withData("enabled", warning.watching().isPresent());
            warning.metrics().ifPresent(metrics -> {
                response.withData(
                        "all known at",
                        metrics.complete().map(Instant::toString).orElse("never"));
                Optional<RoundSummary> last = metrics.last();
                for (Standing standing : Standing.values()) {
                    last.ifPresent(summary -> response.withData(standing.word(), summary.count(standing)));
                }
                last.ifPresent(summary -> {
                    if (!summary.troubles().isEmpty()) {
                        response.withData("trouble", summary.troubles().getFirst());
                    }
                });
            });
            return response.up().build();
        };
    }

    /** Looks at all platforms now and then. */
    @Singleton
    static class Looks {
        private final Warning warning;

        Looks(Warning warning) {
            this.warning = warning;
        }

        @Scheduled(
                every = "${countersign.early-warning.every:1h}",
                delayed = "${countersign.early-warning.first:1m}",
                concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
        void look() {
            warning.watching().ifPresent(EarlyWarnings::look);
        }
    }
}
