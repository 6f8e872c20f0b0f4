package io.countersign.imports.corim;

import io.countersign.imports.ImportException;
import io.countersign.verifier.bytes.Bytes;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Profiles of CoRIM that are understood; one that is not known makes the whole CoRIM mean something else, and is refused. */
enum Profile {
    /**
     * No profile: the base draft says nothing about what measurements are of. An mkey that is the path of a claim, as text, says it
     * here: {@code launch_measurement}, {@code snp.id_key_digest}, {@code tdx.mr_td}; {@code tdx.rtmr} with integrity registers.
     */
    BASE,
    /** draft-deeglaze-amd-sev-snp-corim-profile, sections 3.1 and 3.2; revision 02 and the editor's copy number alike. */
    AMD_SNP,
    /** draft-cds-rats-intel-corim-profile: {@code tee.mrtee} where the measurement or its class says that a TD is meant. */
    INTEL;

    private static final long URI = 32;
    static final long OID = 111;

    private static final List<String> AMD_URIS =
            List.of("tag:amd.com,2025:snp-corim-profile", "tag:amd.com,2024:snp-corim-profile");

    /** 2.16.840.1.113741.1.16.1 as the content of a BER object identifier: RFC 9090, section 2. */
    private static final Bytes INTEL_OID = Bytes.fromHex("6086480186f84d011001");

    /** 1.3.6.1.4.1.3704.3.1, by chip, and .2, by cloud provider. */
    private static final List<Bytes> AMD_CLASSES =
            List.of(Bytes.fromHex("2b060104019c780301"), Bytes.fromHex("2b060104019c780302"));

    private static final Map<Long, Target> AMD_TARGETS = Map.of(
            641L, Target.LAUNCH_MEASUREMENT,
            642L, Target.SNP_HOST_DATA,
            643L, Target.SNP_ID_KEY_DIGEST,
            644L, Target.SNP_AUTHOR_KEY_DIGEST);

    private static final Map<Long, String> AMD_KEYS = Map.ofEntries(
            Map.entry(0L, "version"),
            Map.entry(1L, "guest_svn"),
            Map.entry(2L, "policy"),
            Map.entry(3L, "family_id"),
            Map.entry(4L, "image_id"),
            Map.entry(5L, "vmpl"),
            Map.entry(6L, "current_tcb"),
            Map.entry(7L, "platform_info"),
            Map.entry(640L, "report_data"),
            Map.entry(641L, "measurement"),
            Map.entry(642L, "host_data"),
            Map.entry(643L, "id_key_digest"),
            Map.entry(644L, "author_key_digest"),
            Map.entry(645L, "report_id"),
            Map.entry(646L, "report_id_ma"),
            Map.entry(647L, "reported_tcb"),
            Map.entry(648L, "cpuid_family"),
            Map.entry(649L, "cpuid_model"),
            Map.entry(650L, "cpuid_stepping"),
            Map.entry(3328L, "chip_id"),
            Map.entry(3329L, "committed_tcb"),
            Map.entry(3330L, "current_version"),
            Map.entry(3936L, "committed_version"),
            Map.entry(3968L, "launch_tcb"));

    /** The profile of a corim-map, which an array of one may be in earlier drafts. */
    static Profile of(Node profile) throws ImportException {
        Node only = profile;
        if (profile.item() instanceof Item.Sequence) {
            List<Node> all = profile.someElements();
            if (all.size() > 1) {
                throw profile.refused("it names %d profiles; one is read".formatted(all.size()));
            }
            only = all.getFirst();
        }
        if (only.item() instanceof Item.Tagged(long tag, Item.Text(String uri))
                && tag == URI
                && AMD_URIS.contains(uri)) {
            return AMD_SNP;
        }
        if (only.item() instanceof Item.Tagged(long tag, Item.Octets(Bytes oid))
                && tag == OID
                && oid.equals(INTEL_OID)) {
            return INTEL;
        }
        throw only.refused(
                "the profile %s is not known here, and without it the values mean nothing (draft-ietf-rats-corim-11, section 4.1.4). Known are %s, 2.16.840.1.113741.1.16.1, and none."
                        .formatted(named(only.item()), AMD_URIS.getFirst()));
    }

    private static String named(Item item) {
        return switch (item) {
            case Item.Tagged(long _, Item.Text text) -> Node.shown(text);
            case Item.Tagged(long tag, Item.Octets(Bytes value))
            when value.length() <= 64 -> tag == OID ? "with the OID " + value : value.toString();
            default -> item.kind();
        };
    }

    /** What a measurement is of, or empty where no claim here is. */
    Optional<Target> target(Environment environment, Optional<Item> key) {
        return switch (this) {
            case AMD_SNP ->
                environment
                        .classId()
                        .filter(AMD_CLASSES::contains)
                        .flatMap(_ -> number(key))
                        .map(AMD_TARGETS::get);
            case BASE, INTEL -> text(key).flatMap(Target::ofClaim);
        };
    }

    /** For people: which field of which vendor a measurement is of. */
    String described(Environment environment, Optional<Item> key) {
        if (key.isEmpty()) {
            return "a measurement without mkey";
        }
        String shown = Node.shown(key.get());
        if (this != AMD_SNP) {
            return "mkey " + shown;
        }
        if (environment.classId().filter(AMD_CLASSES::contains).isEmpty()) {
            return "mkey %s of a class that is not AMD's (1.3.6.1.4.1.3704.3.1 or .2)".formatted(shown);
        }
        return "%s (mkey %s)".formatted(number(key).map(AMD_KEYS::get).orElse("an unknown field"), shown);
    }

    private static Optional<Long> number(Optional<Item> key) {
        return key.filter(item -> item instanceof Item.Whole(BigInteger value) && value.bitLength() < 63)
                .map(item -> ((Item.Whole) item).value().longValueExact());
    }

    private static Optional<String> text(Optional<Item> key) {
        return key.filter(Item.Text.class::isInstance).map(item -> ((Item.Text) item).value());
    }
}
