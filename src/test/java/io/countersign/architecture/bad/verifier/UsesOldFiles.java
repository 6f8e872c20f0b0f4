package io.countersign.architecture.bad.verifier;

import java.io.File;

/** Breaks a rule. */
record UsesOldFiles(File file) {}
