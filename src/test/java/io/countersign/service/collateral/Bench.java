package io.countersign.service.collateral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.snp.AmdEndorsementRef;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.EndorsementRef;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A gatherer, the KDS it asks, the clock it looks at, and what it told its observer. */
final class Bench implements AutoCloseable {
    static final ClientId CLIENT = ClientId.ofPrincipal("tester");
    static final Duration SEVEN_YEARS = Duration.ofDays(7 * 365);

    final FakeVendor kds = new FakeVendor();
    final HandClock clock = new HandClock();
    final Seen seen = new Seen();

    boolean offline;
    Optional<URI> url = Optional.empty();
    Optional<Path> dataDir = Optional.empty();
    Duration requestTimeout = Duration.ofSeconds(10);
    Duration waitAtMost = Duration.ofSeconds(10);
    int maxConcurrent = 4;
    int queue = 64;
    int storedChips = 100;
    CollateralConfig.Budget budget = new CollateralConfig.Budget(10, Duration.ofMinutes(10));
    IntelPcsConfig intel = IntelPcsConfig.defaults();
    NvidiaConfig nvidia = NvidiaConfig.defaults();
    KeepingRule keepingRule = KeepingRule.keepWhatFits();

    private final List<EndorsementGatherer> started = new ArrayList<>();

    /** Counts what it is told. */
    static final class Seen implements GatheringObserver {
        final Map<GatheringWarning, Integer> warnings =
                java.util.Collections.synchronizedMap(new EnumMap<GatheringWarning, Integer>(GatheringWarning.class));
        final Map<String, Integer> counts = new ConcurrentHashMap<>();

        @Override
        public void hit(String kind) {
            counts.merge("hit " + kind, 1, Integer::sum);
        }

        @Override
        public void miss(String kind) {
            counts.merge("miss " + kind, 1, Integer::sum);
        }

        @Override
        public void fetched(String kind, Duration took) {
            counts.merge("fetched " + kind, 1, Integer::sum);
        }

        @Override
        public void failed(String kind, FetchFailure failure) {
            counts.merge("failed " + kind + " " + failure.word(), 1, Integer::sum);
        }

        @Override
        public void throttled(String kind) {
            counts.merge("throttled " + kind, 1, Integer::sum);
        }

        @Override
        public void overloaded(String kind) {
            counts.merge("overloaded " + kind, 1, Integer::sum);
        }

        @Override
        public void warned(GatheringWarning warning) {
            warnings.merge(warning, 1, Integer::sum);
        }

        int count(String what) {
            return counts.getOrDefault(what, 0);
        }

        int warnings(GatheringWarning warning) {
            return warnings.getOrDefault(warning, 0);
        }
    }

    CollateralConfig config() {
        var defaults = CollateralConfig.defaults(dataDir);
        return new CollateralConfig(
                offline,
                url.orElseGet(kds::url),
                dataDir,
                Duration.ofSeconds(5),
                requestTimeout,
                waitAtMost,
                maxConcurrent,
                queue,
                budget,
                100,
                defaults.crlMaxAge(),
                defaults.notFoundFor(),
                defaults.throttled(),
                defaults.failing(),
                1_000,
                storedChips,
                defaults.reissueBefore(),
                intel,
                nvidia);
    }

    /** A new gatherer, as after a restart. */
    EndorsementGatherer start() {
        return start(new AmdKds(config(), clock));
    }

    EndorsementGatherer start(EndorsementSource... sources) {
        var gatherer = new EndorsementGatherer(config(), List.of(sources), clock, seen, keepingRule);
        started.add(gatherer);
        return gatherer;
    }

    /** Makes a VCEK that KDS serves from now on. */
    Bytes serveVcek(AmdEndorsementRef.Vcek ref) {
        Bytes vcek = FakeAmd.vcek(ref, clock.instant().minus(Duration.ofDays(1)), SEVEN_YEARS);
        kds.serves(AmdKds.path(ref), vcek);
        return vcek;
    }

    Bytes serveCrl(int number) {
        Bytes crl = FakeAmd.crl(number, clock.instant(), Duration.ofDays(30));
        kds.serves(AmdKds.path(FakeAmd.crl()), crl);
        return crl;
    }

    static Gathered gather(EndorsementGatherer gatherer, EndorsementRef... refs) {
        return gather(gatherer, CLIENT, refs);
    }

    static Gathered gather(EndorsementGatherer gatherer, ClientId client, EndorsementRef... refs) {
        try {
            return gatherer.gather(Set.of(refs), client, Occasion.NOW);
        } catch (GatheringOverloadedException e) {
            throw new AssertionError("the queue is full", e);
        }
    }

    static void assertInHand(Bytes expected, EndorsementGatherer gatherer, EndorsementRef ref) {
        assertEquals(expected, inHand(gather(gatherer, ref), ref).content());
    }

    static Availability.InHand inHand(Gathered gathered, EndorsementRef ref) {
        return assertInstanceOf(Availability.InHand.class, gathered.found().get(ref));
    }

    static Availability.Missing assertMissing(Outcome.Cause cause, Gathered gathered, EndorsementRef ref) {
        var missing =
                assertInstanceOf(Availability.Missing.class, gathered.found().get(ref));
        assertEquals(cause, missing.cause(), missing.why());
        return missing;
    }

    @Override
    public void close() {
        kds.openGate();
        started.forEach(EndorsementGatherer::close);
        kds.close();
    }
}
