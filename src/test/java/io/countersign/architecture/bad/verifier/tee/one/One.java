package io.countersign.architecture.bad.verifier.tee.one;

import io.countersign.architecture.bad.verifier.tee.two.Two;
import java.util.List;

/** Breaks two rules together with {@link Two}. */
public record One(List<Two> others) {}
