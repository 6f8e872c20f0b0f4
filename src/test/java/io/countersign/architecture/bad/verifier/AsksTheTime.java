package io.countersign.architecture.bad.verifier;

import java.time.Instant;

/** Breaks a rule. */
final class AsksTheTime {
    private AsksTheTime() {}

    static Instant now() {
        return Instant.now();
    }
}
