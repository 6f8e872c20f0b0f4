package io.countersign.client.machine;

import io.countersign.client.Bytes;
import java.util.Comparator;
import java.util.List;

/**
 * One GPU's or switch's answer.
 *
 * @param kind which devices are counted together
 * @param index its number among them
 * @param evidence the decoded attestation report
 * @param certificate the device's chain as the collector wrote it
 * @param arch what the collector calls it; a label that proves nothing, and may be empty
 */
public record Device(Kind kind, int index, Bytes evidence, String certificate, String arch) {
    /** The classes, in the binding's order. */
    public enum Kind {
        GPU("gpu", "nvidia-gpu"),
        SWITCH("nvswitch", "nvidia-nvswitch");

        private final String word;
        private final String type;

        Kind(String word, String type) {
            this.word = word;
            this.type = type;
        }

        /** As labels begin and as NVIDIA's collector names the class. */
        public String word() {
            return word;
        }

        /** As the request names the type. */
        public String type() {
            return type;
        }
    }

    public String label() {
        return kind.word() + index;
    }

    /** By number and not by text: gpu10 comes after gpu9. */
    static List<Device> inOrder(List<Device> devices) {
        return devices.stream()
                .sorted(Comparator.comparing(Device::kind).thenComparingInt(Device::index))
                .toList();
    }
}
