package io.countersign.verifier.tee.nvgpu.rim;

import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.w3c.dom.Element;

/** Reads what a manifest says, from the tree whose signature was verified and only after that. */
final class ManifestReader {
    /** ISO/IEC 19770-2:2015. */
    private static final String SWID = "http://standards.iso.org/iso/19770/-2/2015/schema.xsd";

    /** TCG Reference Integrity Manifest Information Model 1.01, section 5. */
    private static final String RIM =
            "{https://trustedcomputinggroup.org/resource/tcg-reference-integrity-manifest-rim-information-model/}";

    private static final String SHA384 = "{http://www.w3.org/2001/04/xmlenc#sha384}";

    /** Floors for numbers of the versioned opaque data, of which no manifest and no layout is public. */
    private static final String FLOORS = "{https://docs.nvidia.com/attestation/specs/latest/opaque-data.html}";

    private static final Set<String> OF_ROOT =
            Set.of("name", "tagId", "tagVersion", "version", "corpus", "patch", "supplemental");
    private static final Set<String> OF_META = Set.of(
            "colloquialVersion",
            "edition",
            "product",
            "revision",
            "PayloadType",
            RIM + "BindingSpec",
            RIM + "BindingSpecVersion",
            RIM + "PlatformManufacturerId",
            RIM + "PlatformManufacturerStr",
            RIM + "PlatformModel",
            RIM + "FirmwareManufacturer",
            RIM + "FirmwareManufacturerId");
    private static final Set<String> OF_RESOURCE = Set.of("type", "index", "active", "alternatives", "name", "size");

    private static final Pattern CHIP = Pattern.compile("[A-Z0-9]{2,16}");
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9.]{1,32}");
    private static final Pattern EDITION = Pattern.compile("GPU|SWITCH");
    private static final Pattern TAG = Pattern.compile("[0-9a-f]{96}");
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,9}");
    private static final Pattern SMALL_NUMBER = Pattern.compile("0|[1-9][0-9]?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]{1,64}");
    private static final Pattern ACTIVE = Pattern.compile("True|False");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{96}");

    static final String EXPECTED = "a manifest with golden values as NVIDIA writes them";

    private ManifestReader() {}

    /** Reads the tag around a signature, which is its last element. */
    static ReferenceManifest read(Element root, Element signature) throws RefusedRimException {
        Part tag = Part.of(root, SWID, "SoftwareIdentity", EXPECTED)
                .attributes(OF_ROOT)
                .fixed("version", "1.0");
        // ISO/IEC 19770-2, section 8.5.1: such a tag describes less, or something else, than what is installed.
        for (String kind : List.of("corpus", "patch", "supplemental")) {
            if (tag.optional(kind).isPresent()) {
                tag.fixed(kind, "false");
            }
        }
        List<Part> parts = tag.childrenBefore(signature, SWID, List.of("Entity", "Meta", "Payload"));
        parts.get(0).attributes(Set.of("name", "role", "regid")).empty();
        Part meta = meta(parts.get(1));
        SortedMap<Integer, GoldenValue> golden = golden(parts.get(2).attributes(Set.of()));
        if (golden.isEmpty()) {
            throw tag.refused("no golden value is active");
        }
        return new ReferenceManifest(
                tag.required("name", CHIP),
                meta.required("product", CHIP),
                meta.required("edition", EDITION),
                meta.required("colloquialVersion", VERSION),
                tag.required("tagId", TAG),
                tag.required("tagVersion", NUMBER),
                meta.required("revision", NAME),
                meta.required(RIM + "FirmwareManufacturerId", NUMBER),
                golden);
    }

    private static Part meta(Part meta) throws RefusedRimException {
        return meta.attributes(OF_META)
                .fixed("PayloadType", "direct")
                .fixed(RIM + "BindingSpec", "RIMIM")
                .fixed(RIM + "BindingSpecVersion", "1.01")
                .empty();
    }

    private static SortedMap<Integer, GoldenValue> golden(Part payload) throws RefusedRimException {
        var golden = new TreeMap<Integer, GoldenValue>();
        var seen = new HashSet<Integer>();
        for (Part resource : payload.children(SWID, "Resource")) {
            GoldenValue value = value(resource.empty());
            if (!seen.add(value.index())) {
                throw resource.refused("the record with index %d is there twice".formatted(value.index()));
            }
            if (resource.required("active", ACTIVE).equals("True")) {
                golden.put(value.index(), value);
            }
        }
        return golden;
    }

    /** One record, also one that is not active. */
    private static GoldenValue value(Part resource) throws RefusedRimException {
        if (resource.attributeNames().stream().anyMatch(name -> name.startsWith(FLOORS))) {
            throw resource.refused("a record sets a floor for a number of the opaque data (such as MIN_SVN), and how to"
                    + " compare these is not public: its other values are not relied on without it");
        }
        resource.fixed("type", "Measurement").fixed("size", "48");
        int index = Integer.parseInt(resource.required("index", SMALL_NUMBER));
        if (index > GoldenValue.MAX_INDEX) {
            throw resource.refused(
                    "a record has index %d, and the last register is %d".formatted(index, GoldenValue.MAX_INDEX));
        }
        int count = Integer.parseInt(resource.required("alternatives", SMALL_NUMBER));
        var digests = new ArrayList<Bytes>();
        var known = new HashSet<>(OF_RESOURCE);
        for (int i = 0; i < count; i++) {
            String hash = SHA384 + "Hash" + i;
            known.add(hash);
            digests.add(Bytes.fromHex(resource.required(hash, DIGEST)));
        }
        resource.attributes(known);
        if (digests.isEmpty()) {
            throw resource.refused("the record with index %d has no alternative".formatted(index));
        }
        return new GoldenValue(index, resource.required("name", NAME), digests);
    }
}
