package io.countersign.architecture.bad.trial;

import io.countersign.architecture.bad.service.policies.Loaded;

/** Breaks a rule. */
public record TryOut(Loaded loaded) {}
