package io.countersign.service.collateral;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.EndorsementRef;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A gatherer that asks two servers in order, and everything that {@link Bench} has. */
final class IntelBench implements AutoCloseable {
    final Bench bench = new Bench();
    final FakeVendor first = new FakeVendor();
    final FakeVendor second = new FakeVendor();

    List<URI> urls = List.of(first.url());
    Optional<URI> rootCrlUrl = Optional.empty();
    IntelPcsConfig.Update update = IntelPcsConfig.Update.STANDARD;
    Optional<Path> caCertificates = Optional.empty();

    void askBoth() {
        urls = List.of(first.url(), second.url());
    }

    Instant now() {
        return bench.clock.instant();
    }

    void forward(Duration step) {
        bench.clock.forward(step);
    }

    EndorsementGatherer start() {
        bench.intel = new IntelPcsConfig(urls, rootCrlUrl, update, caCertificates, Duration.ofHours(6));
        return bench.start(new IntelPcs(bench.config(), bench.clock));
    }

    /** Serves TCB info issued now from a server, and returns it. */
    Bytes serve(FakeVendor server, int number) {
        return serve(server, number, now());
    }

    Bytes serve(FakeVendor server, int number, Instant issued) {
        Bytes body = FakeIntel.tcbInfo(number, issued);
        server.serves(FakeIntel.TCB_PATH, body);
        return body;
    }

    /** The content that is handed out. */
    static Bytes found(EndorsementGatherer gatherer, EndorsementRef ref) {
        return Bench.inHand(Bench.gather(gatherer, ref), ref).content();
    }

    static Optional<String> seen(EndorsementGatherer gatherer, Occasion occasion) {
        try {
            var gathered = gatherer.gather(Set.of(FakeIntel.SEEN), Bench.CLIENT, occasion);
            assertEquals(Optional.empty(), gathered.retryAfter());
            return switch (gathered.found().get(FakeIntel.SEEN)) {
                case Availability.InHand own -> Optional.of(own.content().toUtf8());
                case Availability.Missing missing -> {
                    assertEquals(Outcome.Cause.NOT_IN_HAND, missing.cause());
                    yield Optional.empty();
                }
                case null -> throw new AssertionError("no answer");
            };
        } catch (GatheringOverloadedException e) {
            throw new AssertionError("the queue is full", e);
        }
    }

    static Optional<String> seen(EndorsementGatherer gatherer) {
        return seen(gatherer, Occasion.NOW);
    }

    @Override
    public void close() {
        first.close();
        second.close();
        bench.close();
    }
}
