package io.countersign.verifier.policy;

import io.countersign.verifier.scheme.DeviceClass;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The devices that a request must hold, no fewer and no more: one CPU of an admitted type, and so many others.
 *
 * @param cpuTypes the admitted evidence types
 */
public record Expectations(Set<String> cpuTypes, Count gpus, Count nvswitches) {
    /** How many devices of one class there may be, both ends included. */
    public record Count(int min, int max) {
        static final Count NONE = exactly(0);

        public Count {
            if (min < 0 || max < min) {
                throw new IllegalArgumentException("no number of devices is from " + min + " to " + max);
            }
        }

        static Count exactly(int number) {
            return new Count(number, number);
        }

        boolean admits(long number) {
            return number >= min && number <= max;
        }

        /** What both admit; empty when there is no such number. */
        Optional<Count> and(Count other) {
            int least = Math.max(min, other.min);
            int most = Math.min(max, other.max);
            return least <= most ? Optional.of(new Count(least, most)) : Optional.empty();
        }

        /** For people: {@code 8}, {@code 1 to 8}. */
        String words() {
            return min == max ? String.valueOf(min) : min + " to " + max;
        }

        /** As policies write it. */
        Object canonical() {
            return min == max ? min : Map.of("min", min, "max", max);
        }
    }

    public Expectations {
        cpuTypes = Set.copyOf(cpuTypes);
    }

    Count count(DeviceClass deviceClass) {
        return switch (deviceClass) {
            case CPU -> Count.exactly(1);
            case GPU -> gpus;
            case NVSWITCH -> nvswitches;
        };
    }
}
