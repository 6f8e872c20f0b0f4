package io.countersign.architecture.bad.service.api;

import io.countersign.architecture.bad.verifier.trust.Trust;

/** Breaks a rule. */
record OtherResource(Trust trust) {}
