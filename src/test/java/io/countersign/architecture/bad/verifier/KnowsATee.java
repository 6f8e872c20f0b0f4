package io.countersign.architecture.bad.verifier;

import io.countersign.architecture.bad.verifier.tee.two.Two;

/** Breaks a rule. */
record KnowsATee(Two tee) {}
