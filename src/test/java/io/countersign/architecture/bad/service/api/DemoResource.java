package io.countersign.architecture.bad.service.api;

import io.countersign.architecture.bad.insecure.FakeAttester;

/** Breaks a rule. */
record DemoResource(FakeAttester attester) {}
