package io.countersign.architecture.bad.imports;

import io.countersign.architecture.bad.service.policies.Loaded;

/** Breaks a rule. */
public record ListReader(Loaded loaded) {}
