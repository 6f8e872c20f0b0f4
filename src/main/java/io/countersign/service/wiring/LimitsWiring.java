package io.countersign.service.wiring;

import com.github.benmanes.caffeine.cache.Ticker;
import io.countersign.service.api.Admission;
import io.countersign.service.collateral.EndorsementGatherer;
import io.countersign.service.config.CountersignConfig;
import io.countersign.service.config.LimitsConfig;
import io.countersign.service.limits.FirstRefusals;
import io.countersign.service.limits.LimitsObserver;
import io.countersign.service.limits.Places;
import io.countersign.service.limits.Rates;
import io.countersign.service.limits.TrustedProxies;
import io.countersign.service.ops.LimitsMetrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.virtual.threads.VirtualThreads;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** How much is taken of one request, of one client and at one time. */
@Singleton
class LimitsWiring {
    private static final Logger LOG = Logger.getLogger("io.countersign.limits");

    /** For what must not jump when somebody sets the machine's clock. */
    @Produces
    @Singleton
    Ticker ticker() {
        return Ticker.systemTicker();
    }

    @Produces
    @Singleton
    LimitsObserver observer(MeterRegistry registry, Ticker ticker) {
        var metrics = new LimitsMetrics(registry);
        var log = new FirstRefusals(ticker, LOG::warn);
        return limit -> {
            metrics.refused(limit);
            log.refused(limit);
        };
    }

    @Produces
    @Singleton
    Rates rates(CountersignConfig config, Ticker ticker) {
        return new Rates(LimitSettings.rates(config.limits()), ticker);
    }

    @Produces
    @Singleton
    Places places(CountersignConfig config) {
        return new Places(LimitSettings.places(config.limits()));
    }

    @Produces
    @Singleton
    TrustedProxies trustedProxies(CountersignConfig config) {
        LimitsConfig limits = config.limits();
        TrustedProxies.Header header =
                switch (limits.forwardedHeader().toLowerCase(Locale.ROOT)) {
                    case "x-forwarded-for" -> TrustedProxies.Header.X_FORWARDED_FOR;
                    case "forwarded" -> TrustedProxies.Header.FORWARDED;
                    default ->
                        throw new IllegalArgumentException(
                                "countersign.limits.forwarded-header is x-forwarded-for or forwarded, not "
                                        + limits.forwardedHeader());
                };
        return new TrustedProxies(limits.trustedProxies().orElse(List.of()), header);
    }

    /** As many at once as there are places that are kept; none where none of these are in use. */
    @Produces
    @Singleton
    @Named("kept-places")
    ExecutorService keptPlaces() {
        return Executors.newCachedThreadPool(
                Thread.ofPlatform().name("countersign-kept-", 0).daemon().factory());
    }

    void stop(@Disposes @Named("kept-places") ExecutorService threads) {
        threads.shutdownNow();
    }

    @Produces
    @Singleton
    Admission admission(
            CountersignConfig config,
            Places places,
            Rates rates,
            LimitsObserver observer,
            Ticker ticker,
            @VirtualThreads ExecutorService common,
            @Named("kept-places") ExecutorService kept) {
        return new Admission(
                places,
                rates,
                LimitSettings.time(config.limits()),
                ticker::read,
                new Admission.Threads(common, kept),
                observer);
    }

    /** What is wrong with a limit is said at start. */
    void check(
            @Observes StartupEvent started,
            CountersignConfig config,
            MeterRegistry registry,
            Places places,
            Rates rates,
            EndorsementGatherer gatherer,
            @ConfigProperty(name = "quarkus.http.proxy.proxy-address-forwarding", defaultValue = "false")
                    boolean frameworkBelievesProxies) {
        LimitsConfig limits = config.limits();
        LimitSettings.receiveTime(limits);
        LimitSettings.challengeLifetime(config.challenge().lifetime());
        if (frameworkBelievesProxies && limits.trustedProxies().isEmpty()) {
            LOG.warn(
                    "quarkus.http.proxy.proxy-address-forwarding is on, but clients are told apart by"
                            + " countersign.limits.trusted-proxies, which is not set: all who come through a proxy count as one");
        }
        Gauge.builder("countersign.limits.inflight", places, Places::underWay)
                .description("Requests under way")
                .register(registry);
        Gauge.builder("countersign.limits.clients", rates, Rates::clients)
                .description("Clients that rate limits tell apart now")
                .register(registry);
        gatherer.underWay()
                .forEach((vendor, count) -> Gauge.builder("countersign.endorsement.inflight", count::getAsInt)
                        .description("Fetches that this vendor has to answer now")
                        .tag("vendor", vendor)
                        .register(registry));
    }
}
