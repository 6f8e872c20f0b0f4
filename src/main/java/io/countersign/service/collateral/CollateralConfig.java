package io.countersign.service.collateral;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Every setting of gathering. The names after {@code countersign.collateral.} are those of the components, in kebab-case;
 * {@code docs/collateral.md} explains each.
 *
 * @param offline never open a connection: the folder is all there is
 * @param amdKdsUrl where AMD's Key Distribution Service, or a mirror of it, answers
 * @param dataDir fetched endorsements are kept in its folder {@code endorsements}; empty: in memory only
 * @param connectTimeout for making one connection
 * @param requestTimeout for one whole fetch, the body included
 * @param waitAtMost how long one request waits for fetches; they go on without it
 * @param maxConcurrent fetches under way at one time, for each vendor
 * @param queue fetches that may wait for their turn; one more and requests are refused with 503
 * @param budget what one client may make us fetch
 * @param trackedClients how many clients' budgets are remembered
 * @param crlMaxAge how old a revocation list may grow before a new one is asked for, even when it is valid for longer
 * @param notFoundFor how long the vendor's answer "there is no such thing" is remembered
 * @param throttled how long to leave a vendor alone who answers 429 without saying how long
 * @param failing how long to wait after an outage or a useless answer
 * @param rememberedChips machine certificates kept in memory
 * @param storedChips machine certificates kept in the folder; more are used but not written
 * @param reissueBefore how long before its end a certificate is fetched anew
 * @param intel everything of Intel's alone
 * @param nvidia everything of NVIDIA's alone
 */
public record CollateralConfig(
        boolean offline,
        URI amdKdsUrl,
        Optional<Path> dataDir,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration waitAtMost,
        int maxConcurrent,
        int queue,
        Budget budget,
        int trackedClients,
        Duration crlMaxAge,
        Duration notFoundFor,
        Backoff throttled,
        Backoff failing,
        int rememberedChips,
        int storedChips,
        Duration reissueBefore,
        IntelPcsConfig intel,
        NvidiaConfig nvidia) {
    /** AMD's own service. */
    public static final URI AMD_KDS = URI.create("https://kdsintf.amd.com");

    /**
     * How many machine certificates never seen before one client may make us fetch.
     *
     * @param chips at once, and again after every {@code per}
     */
    public record Budget(int chips, Duration per) {
        public Budget {
            atLeast("budget.chips", chips, 1);
            positive("budget.per", per);
        }
    }

    /** A wait that doubles with every failure in a row, up to its longest. */
    public record Backoff(Duration first, Duration longest) {
        public Backoff {
            positive("backoff", first);
            if (longest.compareTo(first) < 0) {
                throw new IllegalArgumentException(
                        "the longest back-off %s is shorter than the first %s".formatted(longest, first));
            }
        }

        Duration after(int failures) {
            Duration wait = first;
            for (int i = 1; i < failures && wait.compareTo(longest) < 0; i++) {
                wait = wait.multipliedBy(2);
            }
            return wait.compareTo(longest) < 0 ? wait : longest;
        }
    }

    public CollateralConfig {
        baseUrl("amd-kds-url", amdKdsUrl);
        positive("connect-timeout", connectTimeout);
        positive("request-timeout", requestTimeout);
        positive("wait-at-most", waitAtMost);
        atLeast("max-concurrent", maxConcurrent, 1);
        atLeast("queue", queue, 0);
        atLeast("tracked-clients", trackedClients, 1);
        positive("crl-max-age", crlMaxAge);
        positive("not-found-for", notFoundFor);
        atLeast("remembered-chips", rememberedChips, 1);
        atLeast("stored-chips", storedChips, 0);
        positive("reissue-before", reissueBefore);
    }

    /** The settings of a service that was told only where its data is. */
    public static CollateralConfig defaults(Optional<Path> dataDir) {
        return new CollateralConfig(
                false,
                AMD_KDS,
                dataDir,
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                4,
                64,
                // Half of what KDS lets through in that time, so that no client uses up what is there for all.
                new Budget(30, Duration.ofMinutes(10)),
                10_000,
                Duration.ofHours(6),
                Duration.ofMinutes(5),
                // KDS lets about one request through in ten seconds, as recorded traffic shows.
                new Backoff(Duration.ofSeconds(10), Duration.ofSeconds(30)),
                new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(60)),
                10_000,
                50_000,
                Duration.ofDays(30),
                IntelPcsConfig.defaults(),
                NvidiaConfig.defaults());
    }

    /** The same with other settings of Intel's. */
    public CollateralConfig with(IntelPcsConfig other) {
        return new CollateralConfig(
                offline,
                amdKdsUrl,
                dataDir,
                connectTimeout,
                requestTimeout,
                waitAtMost,
                maxConcurrent,
                queue,
                budget,
                trackedClients,
                crlMaxAge,
                notFoundFor,
                throttled,
                failing,
                rememberedChips,
                storedChips,
                reissueBefore,
                other,
                nvidia);
    }

    static void baseUrl(String key, URI url) {
        httpUrl(key, url);
        if (url.getRawQuery() != null) {
            throw notAnAddress(key);
        }
    }

    static void httpUrl(String key, URI url) {
        boolean http = "https".equalsIgnoreCase(url.getScheme()) || "http".equalsIgnoreCase(url.getScheme());
        if (!http || url.getRawUserInfo() != null || url.getRawFragment() != null || url.getHost() == null) {
            throw notAnAddress(key);
        }
    }

    private static IllegalArgumentException notAnAddress(String key) {
        return new IllegalArgumentException(
                "countersign.collateral.%s must be an http or https address with a host, without user, query or fragment"
                        .formatted(key));
    }

    static void positive(String key, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    "countersign.collateral.%s is %s; it must be longer than zero".formatted(key, value));
        }
    }

    private static void atLeast(String key, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "countersign.collateral.%s is %d; it must be at least %d".formatted(key, value, least));
        }
    }
}
