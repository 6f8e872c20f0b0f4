package io.countersign.architecture.bad.verifier;

import java.time.InstantSource;

/** Breaks a rule. */
record AsksAClock(InstantSource clock) {}
