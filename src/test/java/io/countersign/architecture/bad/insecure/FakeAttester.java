package io.countersign.architecture.bad.insecure;

/** What nothing may use. */
public record FakeAttester() {}
