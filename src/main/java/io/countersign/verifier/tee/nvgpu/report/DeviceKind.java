package io.countersign.verifier.tee.nvgpu.report;

/** Whose report it is: the same opaque type may hold something else in the report of the other. */
public enum DeviceKind {
    GPU,
    NVSWITCH
}
