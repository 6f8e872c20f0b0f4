package io.countersign.verifier.tee.nvgpu.ocsp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.Window;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What somebody who may speak about a certificate said about it. Whether that counts now is judged for every request.
 *
 * @param delegate who signed in the issuer's place; absent when the issuer itself did
 */
public record SignedAnswer(
        Status status,
        Instant producedAt,
        Instant thisUpdate,
        Optional<Instant> nextUpdate,
        Optional<Bytes> nonce,
        Optional<Delegate> delegate) {
    /** RFC 6960, section 2.4, lets nextUpdate be absent: newer information is then always available. NVIDIA's own tools use an hour. */
    static final Duration WITHOUT_NEXT_UPDATE = Duration.ofHours(1);

    /** A responder that the issuer appointed: RFC 6960, section 4.2.2.2. */
    public record Delegate(BigInteger serial, Window window) {}

    /**
     * When this stops counting.
     *
     * @param maxAge the longest since it was made
     */
    public Instant until(Duration maxAge) {
        return Stream.of(
                        nextUpdate.orElse(producedAt.plus(WITHOUT_NEXT_UPDATE)),
                        producedAt.plus(maxAge),
                        delegate.map(signer -> signer.window().notAfter()).orElse(Instant.MAX))
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** When this begins to count. */
    public Instant from() {
        return Stream.of(
                        thisUpdate,
                        producedAt,
                        delegate.map(signer -> signer.window().notBefore()).orElse(Instant.MIN))
                .max(Instant::compareTo)
                .orElseThrow();
    }
}
