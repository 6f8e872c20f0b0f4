package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.NvidiaEndorsementRef.Rim;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A gatherer that asks a RIM service and a responder, and everything that {@link Bench} has. */
final class NvidiaBench implements AutoCloseable {
    final Bench bench = new Bench();
    final FakeVendor rims = new FakeVendor();
    final FakeVendor ocsp = new FakeVendor();

    Optional<URI> rimUrl = Optional.empty();
    Optional<URI> ocspUrl = Optional.empty();
    Optional<BearerKey> key = Optional.empty();
    NvidiaConfig.OcspNonce nonce = NvidiaConfig.OcspNonce.REQUIRED;

    Instant now() {
        return bench.clock.instant();
    }

    void forward(Duration step) {
        bench.clock.forward(step);
    }

    EndorsementGatherer start() {
        bench.nvidia = new NvidiaConfig(
                rimUrl.orElseGet(rims::url),
                key,
                Duration.ofHours(24),
                ocspUrl.orElseGet(ocsp::url),
                nonce,
                Duration.ofHours(1));
        var config = bench.config();
        return bench.start(
                new AmdKds(config, bench.clock),
                new NvidiaRims(config, bench.clock),
                new NvidiaOcsp(config, bench.clock, new SecureRandom()));
    }

    /** Serves a RIM from now on, and returns it. */
    Bytes serve(Rim ref, Bytes rim) {
        rims.serves("/v1/rim/" + ref.id(), Bytes.utf8(FakeNvidia.wrapped(ref, rim)));
        return rim;
    }

    /** Answers every question so from now on. */
    void answers(FakeNvidia.Says says) {
        ocsp.repliesOtherwise(FakeNvidia.responder(says));
    }

    FakeNvidia.Says good() {
        return FakeNvidia.Says.good(now());
    }

    @Override
    public void close() {
        rims.close();
        ocsp.close();
        bench.close();
    }
}
