package io.countersign.architecture.bad.verifier;

import jakarta.inject.Singleton;

/** Breaks a rule. */
@Singleton
final class UsesInjection {}
