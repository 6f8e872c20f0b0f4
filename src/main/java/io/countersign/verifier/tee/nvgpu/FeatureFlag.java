package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.tee.nvgpu.report.GpuStatement;
import io.countersign.verifier.tee.nvgpu.report.OpaqueData;
import java.util.Optional;

/** FEATURE_FLAG of the opaque data: how GPUs are passed to a guest. Meaningful from version 1 of the opaque data on. */
enum FeatureFlag {
    /** Single passthrough: confidential computing with one GPU. */
    SPT,
    /** Multiple passthrough: confidential computing with several GPUs. */
    MPT,
    /** Protected PCIe: several GPUs and their NVSwitches. */
    PPCIE;

    private static final int FIRST_VERSION = 1;

    /** The flag, where it may be relied on and has a known value. */
    static Optional<FeatureFlag> of(GpuStatement said, OpaqueData opaque) {
        return opaque.version()
                .filter(version -> version >= FIRST_VERSION)
                .flatMap(_ -> said.featureFlag())
                .filter(value -> value < values().length)
                .map(value -> values()[value]);
    }
}
