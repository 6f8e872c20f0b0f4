package io.countersign.architecture.bad.cli;

import io.quarkus.runtime.QuarkusApplication;

/** Breaks a rule. */
public record Main(QuarkusApplication server) {}
