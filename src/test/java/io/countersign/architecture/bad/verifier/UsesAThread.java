package io.countersign.architecture.bad.verifier;

import java.util.concurrent.Executor;

/** Breaks a rule. */
record UsesAThread(Thread thread, Executor executor) {}
