package io.countersign.architecture.bad.verifier;

import java.security.SecureRandom;

/** Breaks a rule. */
record AsksForRandomness(SecureRandom random) {}
