package io.countersign.architecture.bad.verifier.result;

/** What only one class may make. */
public record AttestationResult(String status) {}
