package io.countersign.architecture.bad.verifier;

import java.nio.file.Path;

/** Breaks a rule. */
record UsesFiles(Path file) {}
