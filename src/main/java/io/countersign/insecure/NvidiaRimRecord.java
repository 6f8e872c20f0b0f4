package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.util.List;

/**
 * One golden value with its alternatives, attributes as text so that any of them can be made wrong.
 *
 * @param type {@code Measurement}
 * @param alternatives how many hashes there are, as the record says
 * @param hashes in hex
 */
public record NvidiaRimRecord(
        String type, String index, String active, String alternatives, List<String> hashes, String size) {
    public NvidiaRimRecord {
        hashes = List.copyOf(hashes);
    }

    static NvidiaRimRecord active(int index, List<Bytes> values) {
        return new NvidiaRimRecord(
                "Measurement",
                Integer.toString(index),
                "True",
                Integer.toString(values.size()),
                values.stream().map(Bytes::toString).toList(),
                "48");
    }

    static NvidiaRimRecord unused(int index) {
        return active(index, List.of(NvidiaGolden.UNUSED)).active("False");
    }

    public NvidiaRimRecord type(String other) {
        return new NvidiaRimRecord(other, index, active, alternatives, hashes, size);
    }

    public NvidiaRimRecord index(String other) {
        return new NvidiaRimRecord(type, other, active, alternatives, hashes, size);
    }

    public NvidiaRimRecord active(String other) {
        return new NvidiaRimRecord(type, index, other, alternatives, hashes, size);
    }

    /** What the record says; the hashes stay. */
    public NvidiaRimRecord alternatives(String other) {
        return new NvidiaRimRecord(type, index, active, other, hashes, size);
    }

    /** Other hashes, and a number of alternatives that fits. */
    public NvidiaRimRecord hashes(List<String> others) {
        return new NvidiaRimRecord(type, index, active, Integer.toString(others.size()), others, size);
    }

    public NvidiaRimRecord size(String other) {
        return new NvidiaRimRecord(type, index, active, alternatives, hashes, other);
    }

    String element() {
        var listed = new StringBuilder();
        for (int i = 0; i < hashes.size(); i++) {
            listed.append(" ns2:Hash%d=\"%s\"".formatted(i, hashes.get(i)));
        }
        return "        <ns0:Resource type=\"%s\" index=\"%s\" active=\"%s\" alternatives=\"%s\"%s name=\"Measurement_%s\" size=\"%s\"/>\n"
                .formatted(type, index, active, alternatives, listed, index, size);
    }
}
