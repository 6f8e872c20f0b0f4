package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.rim.GoldenValue;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A golden value that the device did not measure.
 *
 * @param runtime what the register holds; empty when the report has no such register
 * @param source whose golden value it is: {@link GpuCheck#DRIVER_RIM} or {@link GpuCheck#VBIOS_RIM}
 */
record Mismatch(GoldenValue golden, Optional<Bytes> runtime, GpuCheck source) {
    int index() {
        return golden.index();
    }

    String expected() {
        return "register %d: %s"
                .formatted(
                        index(),
                        golden.alternatives().stream().map(Bytes::toString).collect(Collectors.joining(" or ")));
    }

    String actual() {
        return "register %d: %s".formatted(index(), runtime.map(Bytes::toString).orElse("absent"));
    }
}
