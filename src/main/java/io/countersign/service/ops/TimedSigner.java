package io.countersign.service.ops;

import io.countersign.verifier.token.TokenSigner;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A signer whose signatures are timed, those that fail included. Verification is not timed by itself: it happens within the
 * pure core, and the verb "authenticate" is little else.
 */
public final class TimedSigner implements TokenSigner {
    private final TokenSigner signer;
    private final Timer timer;

    public TimedSigner(TokenSigner signer, MeterRegistry registry) {
        this.signer = signer;
        this.timer = Timer.builder("countersign.signatures")
                .description("time of one signature")
                .tag("operation", "sign")
                .serviceLevelObjectives(Buckets.WORK)
                .register(registry);
    }

    @Override
    public String sign(String typ, Map<String, Object> claims) {
        long start = System.nanoTime();
        try {
            return signer.sign(typ, claims);
        } finally {
            timer.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }
}
