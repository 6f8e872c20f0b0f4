package io.countersign.architecture.bad.unmarked;

/** Breaks a rule: its package has no description. */
record Nulls(String nothing) {}
