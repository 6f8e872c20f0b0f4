package io.countersign.architecture.bad.verifier;

/** Breaks a rule. */
class CanBeExtended {}
