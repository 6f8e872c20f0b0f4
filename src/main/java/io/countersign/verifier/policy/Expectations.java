package io.countersign.verifier.policy;

import io.countersign.verifier.scheme.DeviceClass;
import java.util.Set;

/**
 * The devices that a request must hold, no fewer and no more: one CPU of an admitted type, and so many others.
 *
 * @param cpuTypes the admitted evidence types
 */
public record Expectations(Set<String> cpuTypes, int gpus, int nvswitches) {
    public Expectations {
        cpuTypes = Set.copyOf(cpuTypes);
    }

    int count(DeviceClass deviceClass) {
        return switch (deviceClass) {
            case CPU -> 1;
            case GPU -> gpus;
            case NVSWITCH -> nvswitches;
        };
    }
}
