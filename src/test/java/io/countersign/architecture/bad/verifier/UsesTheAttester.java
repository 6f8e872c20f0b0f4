package io.countersign.architecture.bad.verifier;

import io.countersign.architecture.bad.insecure.FakeAttester;

/** Breaks a rule. */
record UsesTheAttester(FakeAttester attester) {}
