package io.countersign.architecture.bad.verifier.tee.two;

import io.countersign.architecture.bad.verifier.tee.one.One;
import java.util.List;

/** Breaks two rules together with {@link One}. */
public record Two(List<One> others) {}
