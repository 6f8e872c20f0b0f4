package io.countersign.verifier;

import io.countersign.verifier.scheme.Submodule;
import java.util.List;
import java.util.function.Function;

/**
 * Does the same for every device of a request, on as many processors as are free: eight GPUs and four switches are dozens of
 * signatures. Nothing is shared between the devices, so that the answers are those of doing one after the other.
 */
final class SideBySide {
    private SideBySide() {}

    private sealed interface Ended<T> {
        record Well<T>(T value) implements Ended<T> {}

        record Badly<T>(RuntimeException bug) implements Ended<T> {}
    }

    /** The answers in the order of the devices. What goes wrong with the first of them that fails is thrown, as it is. */
    static <T> List<T> map(List<Submodule> devices, Function<Submodule, T> work) {
        if (devices.size() <= 1) {
            return devices.stream().map(work).toList();
        }
        List<Ended<T>> ended =
                devices.parallelStream().map(device -> attempt(device, work)).toList();
        return ended.stream()
                .map(each -> switch (each) {
                    case Ended.Well<T>(T value) -> value;
                    // Left to the stream, which of several surfaces would depend on who was first, and its type on the
                    // thread.
                    case Ended.Badly<T>(RuntimeException bug) -> throw bug;
                })
                .toList();
    }

    private static <T> Ended<T> attempt(Submodule device, Function<Submodule, T> work) {
        try {
            return new Ended.Well<>(work.apply(device));
        } catch (RuntimeException e) {
            return new Ended.Badly<>(e);
        }
    }
}
