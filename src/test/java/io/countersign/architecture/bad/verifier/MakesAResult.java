package io.countersign.architecture.bad.verifier;

import io.countersign.architecture.bad.verifier.result.AttestationResult;

/** Breaks a rule. */
final class MakesAResult {
    private MakesAResult() {}

    static AttestationResult favourable() {
        return new AttestationResult("affirming");
    }
}
