package io.countersign.architecture.bad.cases;

import io.countersign.architecture.bad.service.policies.Loaded;

/** Breaks a rule. */
public record CaseSource(Loaded loaded) {}
