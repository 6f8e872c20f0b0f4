package io.countersign.verifier.tee.nvgpu;

import java.util.Optional;

/**
 * The reference values that a report asks for.
 *
 * @param what for people: "the driver"
 * @param id as NVIDIA's RIM service knows them; empty where the report does not say what is needed to name them
 * @param product in {@code Meta}: {@code GH100}
 * @param edition in {@code Meta}: {@code GPU} or {@code SWITCH}
 * @param version in {@code Meta} as colloquialVersion: that of the driver or the VBIOS
 */
record RimDemand(GpuCheck check, String what, Optional<String> id, String product, String edition, String version) {
    /** How the request's slot for these is called. */
    Optional<String> slot() {
        return id.map("nvidia.rims."::concat);
    }
}
