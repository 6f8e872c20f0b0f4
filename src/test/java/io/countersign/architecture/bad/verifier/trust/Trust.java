package io.countersign.architecture.bad.verifier.trust;

import io.countersign.architecture.bad.verifier.tee.two.Two;

/** Breaks a rule. */
public record Trust(Two tee) {}
