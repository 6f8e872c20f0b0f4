package io.countersign.architecture.bad.imports;

import java.nio.file.Path;

/** Breaks a rule. */
record ReadsFiles(Path file) {}
