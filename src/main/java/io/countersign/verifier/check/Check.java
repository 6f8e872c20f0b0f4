package io.countersign.verifier.check;

/** A declared check together with how it ended. */
public record Check(CheckId id, Outcome outcome) {}
