package io.countersign.verifier.tee.tdx.eventlog;

import java.util.Optional;
import java.util.stream.Stream;

/** A hash that a log may carry: its TPM_ALG_ID and digest length. TCG Algorithm Registry, rev. 01.34, table 3. */
enum DigestAlgorithm {
    SHA1(0x0004, 20),
    SHA256(0x000B, 32),
    SHA384(0x000C, 48),
    SHA512(0x000D, 64),
    SM3_256(0x0012, 32);

    private final int id;
    private final int length;

    DigestAlgorithm(int id, int length) {
        this.id = id;
        this.length = length;
    }

    int length() {
        return length;
    }

    static Optional<DigestAlgorithm> of(int id) {
        return Stream.of(values()).filter(algorithm -> algorithm.id == id).findFirst();
    }
}
