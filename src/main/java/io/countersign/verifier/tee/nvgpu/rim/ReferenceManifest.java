package io.countersign.verifier.tee.nvgpu.rim;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a manifest says: which driver or firmware it is about, and what a device that runs it measures.
 *
 * @param name of the chip, of the whole tag: {@code GH100}, {@code LS10}
 * @param product of the chip, of what is inside the tag
 * @param edition {@code GPU} or {@code SWITCH}
 * @param colloquialVersion of the driver or firmware, as its vendor writes it
 * @param tagId of the tag, 96 hex digits
 * @param tagVersion which issue of the tag this is
 * @param revision of the manifest, {@code r1}
 * @param firmwareManufacturerId the private enterprise number of the maker
 * @param golden the active records by their index; there is at least one
 */
public record ReferenceManifest(
        String name,
        String product,
        String edition,
        String colloquialVersion,
        String tagId,
        String tagVersion,
        String revision,
        String firmwareManufacturerId,
        SortedMap<Integer, GoldenValue> golden) {
    public ReferenceManifest {
        golden = Collections.unmodifiableSortedMap(new TreeMap<>(golden));
        if (golden.isEmpty()) {
            throw new IllegalArgumentException("a manifest without golden values would match every device");
        }
    }
}
