package io.countersign.architecture.bad.service.api;

import io.countersign.architecture.bad.verifier.tee.two.Two;

/** Breaks a rule. */
public record Resource(Two tee) {}
