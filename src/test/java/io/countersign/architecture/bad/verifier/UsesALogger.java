package io.countersign.architecture.bad.verifier;

import java.util.logging.Logger;

/** Breaks a rule. */
record UsesALogger(Logger log) {}
