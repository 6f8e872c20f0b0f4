package io.countersign.architecture.bad.imports;

import java.time.Instant;

/** Breaks a rule. */
final class AsksTheTime {
    private AsksTheTime() {}

    static Instant now() {
        return Instant.now();
    }
}
