package io.countersign.architecture.bad.service.policies;

import io.countersign.architecture.bad.cli.Main;

/** Breaks a rule. */
public record Loaded(Main commandLine) {}
