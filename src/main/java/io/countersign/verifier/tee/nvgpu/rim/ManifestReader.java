package io.countersign.verifier.tee.nvgpu.rim;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.pki.Shown;
import io.countersign.verifier.tee.nvgpu.rim.Part.Name;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.w3c.dom.Element;

/** Reads what a manifest says, from the tree whose signature was verified and only after that. */
final class ManifestReader {
    private static final int MOST_ALTERNATIVES = 32;

    /** ISO/IEC 19770-2:2015. */
    private static final String SWID = "http://standards.iso.org/iso/19770/-2/2015/schema.xsd";

    /** TCG Reference Integrity Manifest Information Model 1.01, section 5. */
    private static final String RIM =
            "https://trustedcomputinggroup.org/resource/tcg-reference-integrity-manifest-rim-information-model/";

    private static final String SHA384 = "http://www.w3.org/2001/04/xmlenc#sha384";

    /** Floors for numbers of the versioned opaque data. No genuine manifest with them was at hand, so none is read. */
    private static final String FLOORS = "https://docs.nvidia.com/attestation/specs/latest/opaque-data.html";

    private static final Name NAME = Name.of("name");
    private static final Name TAG_ID = Name.of("tagId");
    private static final Name TAG_VERSION = Name.of("tagVersion");
    private static final Name VERSION = Name.of("version");

    /** ISO/IEC 19770-2:2015: a tag of these kinds describes less, or something else, than what is installed. */
    private static final List<Name> KINDS = List.of(Name.of("corpus"), Name.of("patch"), Name.of("supplemental"));

    private static final Name COLLOQUIAL_VERSION = Name.of("colloquialVersion");
    private static final Name EDITION = Name.of("edition");
    private static final Name PRODUCT = Name.of("product");
    private static final Name REVISION = Name.of("revision");
    private static final Name PAYLOAD_TYPE = Name.of("PayloadType");
    private static final Name BINDING_SPEC = new Name(RIM, "BindingSpec");
    private static final Name BINDING_SPEC_VERSION = new Name(RIM, "BindingSpecVersion");
    private static final Name MANUFACTURER_ID = new Name(RIM, "FirmwareManufacturerId");

    private static final Name TYPE = Name.of("type");
    private static final Name INDEX = Name.of("index");
    private static final Name ACTIVE = Name.of("active");
    private static final Name ALTERNATIVES = Name.of("alternatives");
    private static final Name SIZE = Name.of("size");

    /** Hash0 and so on; four is the most that genuine manifests have. */
    private static final List<Name> HASHES = IntStream.range(0, MOST_ALTERNATIVES)
            .mapToObj(i -> new Name(SHA384, "Hash" + i))
            .toList();

    private static final Set<Name> OF_ROOT =
            Set.of(NAME, TAG_ID, TAG_VERSION, VERSION, KINDS.get(0), KINDS.get(1), KINDS.get(2));
    private static final Set<Name> OF_ENTITY = Set.of(NAME, Name.of("role"), Name.of("regid"));
    private static final Set<Name> OF_META = Set.of(
            COLLOQUIAL_VERSION,
            EDITION,
            PRODUCT,
            REVISION,
            PAYLOAD_TYPE,
            BINDING_SPEC,
            BINDING_SPEC_VERSION,
            MANUFACTURER_ID,
            new Name(RIM, "FirmwareManufacturer"),
            new Name(RIM, "PlatformManufacturerId"),
            new Name(RIM, "PlatformManufacturerStr"),
            new Name(RIM, "PlatformModel"));
    private static final Set<Name> OF_RESOURCE = Set.of(TYPE, INDEX, ACTIVE, ALTERNATIVES, NAME, SIZE);

    private static final Predicate<String> IS_CHIP = form("[A-Z0-9]{2,16}");
    private static final Predicate<String> IS_VERSION = form("[A-Za-z0-9.]{1,32}");
    private static final Predicate<String> IS_EDITION = form("GPU|SWITCH");
    private static final Predicate<String> IS_TAG = form("[0-9a-f]{96}");
    private static final Predicate<String> IS_NUMBER = form("0|[1-9][0-9]{0,9}");
    private static final Predicate<String> IS_WORD = form("[A-Za-z0-9_]{1,64}");

    static final String EXPECTED = "a manifest with golden values as NVIDIA writes them";

    private ManifestReader() {}

    /** Reads the tag around a signature, which is its last element. */
    static ReferenceManifest read(Element root, Element signature) throws RefusedRimException {
        Part tag = Part.of(root, SWID, "SoftwareIdentity", EXPECTED)
                .attributes(OF_ROOT)
                .fixed(VERSION, "1.0");
        for (Name kind : KINDS) {
            if (tag.optional(kind).isPresent()) {
                tag.fixed(kind, "false");
            }
        }
        List<Part> parts = tag.childrenBefore(signature, SWID, List.of("Entity", "Meta", "Payload"));
        parts.get(0).attributes(OF_ENTITY).empty();
        Part meta = meta(parts.get(1));
        SortedMap<Integer, GoldenValue> golden = golden(parts.get(2).attributes(Set.of()));
        if (golden.isEmpty()) {
            throw tag.refused("no golden value is active");
        }
        return new ReferenceManifest(
                tag.required(NAME, IS_CHIP),
                meta.required(PRODUCT, IS_CHIP),
                meta.required(EDITION, IS_EDITION),
                meta.required(COLLOQUIAL_VERSION, IS_VERSION),
                tag.required(TAG_ID, IS_TAG),
                tag.required(TAG_VERSION, IS_NUMBER),
                meta.required(REVISION, IS_WORD),
                meta.required(MANUFACTURER_ID, IS_NUMBER),
                golden);
    }

    private static Part meta(Part meta) throws RefusedRimException {
        return meta.attributes(OF_META)
                .fixed(PAYLOAD_TYPE, "direct")
                .fixed(BINDING_SPEC, "RIMIM")
                .fixed(BINDING_SPEC_VERSION, "1.01")
                .empty();
    }

    private static SortedMap<Integer, GoldenValue> golden(Part payload) throws RefusedRimException {
        var golden = new TreeMap<Integer, GoldenValue>();
        var seen = new HashSet<Integer>();
        for (Part resource : payload.children(SWID, "Resource")) {
            GoldenValue value = value(resource);
            if (!seen.add(value.index())) {
                throw resource.refused("the record with index %d is there twice".formatted(value.index()));
            }
            if (resource.required(ACTIVE).equals("True")) {
                golden.put(value.index(), value);
            }
        }
        return golden;
    }

    /** One record, also one that is not active. */
    private static GoldenValue value(Part resource) throws RefusedRimException {
        try {
            return measurement(resource.empty());
        } catch (RefusedRimException e) {
            boolean floor = resource.attributeNames().stream()
                    .anyMatch(name -> name.namespace().equals(FLOORS));
            throw floor
                    ? resource.refused(
                            "a record sets a floor for a number of the opaque data (such as MIN_SVN), which is not read"
                                    + " here: without it, the other values are not relied on either")
                    : e;
        }
    }

    private static GoldenValue measurement(Part resource) throws RefusedRimException {
        resource.fixed(TYPE, "Measurement").fixed(SIZE, "48");
        resource.required(ACTIVE, ManifestReader::isActive);
        int index = Integer.parseInt(resource.required(INDEX, ManifestReader::isSmallNumber));
        if (index > GoldenValue.MAX_INDEX) {
            throw resource.refused(
                    "a record has index %d, and the last register is %d".formatted(index, GoldenValue.MAX_INDEX));
        }
        int count = Integer.parseInt(resource.required(ALTERNATIVES, ManifestReader::isSmallNumber));
        if (count > MOST_ALTERNATIVES) {
            throw resource.refused("the record with index %d has %d alternatives, and %d are read"
                    .formatted(index, count, MOST_ALTERNATIVES));
        }
        List<Name> hashes = HASHES.subList(0, count);
        var digests = new ArrayList<Bytes>();
        for (Name hash : hashes) {
            digests.add(Bytes.fromHex(resource.required(hash, ManifestReader::isDigest)));
        }
        String name = resource.required(NAME, IS_WORD);
        // Each of the known attributes was there; to look for others one by one would take as long as all of the above.
        if (resource.attributeCount() != OF_RESOURCE.size() + hashes.size()) {
            throw unknownAttribute(resource, hashes);
        }
        if (digests.isEmpty()) {
            throw resource.refused("the record with index %d has no alternative".formatted(index));
        }
        return new GoldenValue(index, name, digests);
    }

    private static RefusedRimException unknownAttribute(Part resource, List<Name> hashes) {
        var unknown = new ArrayList<>(resource.attributeNames());
        unknown.removeAll(OF_RESOURCE);
        unknown.removeAll(hashes);
        return resource.refused("a Resource has attributes that are not known: "
                + Shown.shortened(
                        String.join(", ", unknown.stream().map(Name::toString).toList())));
    }

    private static Predicate<String> form(String pattern) {
        return Pattern.compile(pattern).asMatchPredicate();
    }

    private static boolean isActive(String text) {
        return text.equals("True") || text.equals("False");
    }

    /** 0 to 99, as they are written without a leading zero. */
    private static boolean isSmallNumber(String text) {
        return switch (text.length()) {
            case 1 -> isDigit(text.charAt(0));
            case 2 -> isDigit(text.charAt(0)) && isDigit(text.charAt(1)) && text.charAt(0) != '0';
            default -> false;
        };
    }

    private static boolean isDigit(char letter) {
        return letter >= '0' && letter <= '9';
    }

    /** Every register has one: a pattern would take longer than all else that is read here. */
    private static boolean isDigest(String text) {
        if (text.length() != 2 * GoldenValue.DIGEST_LENGTH) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char digit = text.charAt(i);
            if (!isDigit(digit) && (digit < 'a' || digit > 'f')) {
                return false;
            }
        }
        return true;
    }
}
