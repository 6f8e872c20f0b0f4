package io.countersign.imports;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.pki.ChainReader;
import io.countersign.verifier.tee.nvgpu.pki.NvidiaRoots;
import io.countersign.verifier.tee.nvgpu.rim.ReferenceManifest;
import io.countersign.verifier.tee.nvgpu.rim.RimReader;
import io.countersign.verifier.tee.nvgpu.rim.SignedRim;
import io.countersign.verifier.trust.AnchorRole;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Folders of NVIDIA's RIMs: which versions of drivers and firmware NVIDIA signed reference values for. Every file is verified as the
 * service verifies it: XML signature, chain to a pinned RIM root, windows. Whether a signer is revoked is not asked here: every
 * appraisal does.
 */
public final class NvidiaRimFolder {
    private static final int MOST_FILES = 512;

    /** As the claims of GPUs and switches print firmware: five bytes in upper case. */
    private static final Pattern FIRMWARE = Pattern.compile("[0-9A-F]{2}(?:\\.[0-9A-F]{2}){4}");

    private static final Pattern DRIVER = Pattern.compile("[0-9]{3,4}(?:\\.[0-9]{1,4}){1,3}");

    private final RimReader rims;
    private final Instant at;
    private final Map<String, SetBuilder> sets = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();

    private NvidiaRimFolder(RimReader rims, Instant at) {
        this.rims = rims;
        this.at = at;
    }

    /**
     * Reads a folder.
     *
     * @param folder its name
     * @param files by their names; what ends in neither {@code .xml} nor {@code .swidtag} is not read, and named in the notes
     * @param at for the windows of certificates
     */
    public static Imported read(
            String folder, Map<String, Bytes> files, Signatures signatures, TrustAnchors anchors, Instant at)
            throws ImportException {
        if (files.size() > MOST_FILES) {
            throw new ImportException(
                    folder, "", "it has %d files; at most %d are read at once".formatted(files.size(), MOST_FILES));
        }
        if (anchors.of(AnchorRole.NVIDIA_RIM_ROOT).isEmpty()) {
            throw new ImportException(
                    folder, "", "no root of NVIDIA's RIMs is pinned, so that none of them can be verified");
        }
        SignatureFacts facts = SignatureFacts.forgetful();
        var roots = new NvidiaRoots(anchors, AnchorRole.NVIDIA_RIM_ROOT, signatures);
        var reader =
                new NvidiaRimFolder(new RimReader(new ChainReader(roots, signatures, facts), signatures, facts), at);
        return reader.all(folder, new TreeMap<>(files));
    }

    private Imported all(String folder, SortedMap<String, Bytes> files) throws ImportException {
        var digests = new ArrayList<Bytes>();
        for (Map.Entry<String, Bytes> each : files.entrySet()) {
            String name = each.getKey();
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.endsWith(".xml") || lower.endsWith(".swidtag")) {
                one(name, each.getValue());
                digests.add(each.getValue().sha256());
            } else {
                notes.add("not read, because it ends in neither .xml nor .swidtag: " + name);
            }
        }
        if (sets.isEmpty()) {
            throw new ImportException(
                    folder, "", "there is no RIM in it. Expected files that end in .xml or .swidtag.");
        }
        notes.addFirst(
                "Signatures and chains were verified to NVIDIA's pinned RIM root, as of %s. Revocation was not asked: every appraisal asks, and compares measurements with the RIMs themselves"
                        .formatted(at));
        return new Imported(
                new Source(folder, Bytes.concat(digests.toArray(Bytes[]::new)).sha256()),
                sets.values().stream()
                        .map(set -> set.build(
                                "Versions that NVIDIA signed reference values for", "NVIDIA", Optional.empty()))
                        .toList(),
                notes,
                rules());
    }

    private void one(String file, Bytes content) throws ImportException {
        switch (rims.read(content)) {
            case RimReader.Reading.Refused(String expected, String actual) ->
                throw new ImportException(
                        file,
                        "",
                        "this RIM cannot be verified: %s (expected %s). Fetch it anew from NVIDIA's RIM service, or take it out of the folder."
                                .formatted(actual, expected));
            case RimReader.Reading.Signed(SignedRim rim) -> {
                List<String> outside = rim.chain().outsideAt(at);
                if (!outside.isEmpty()) {
                    throw new ImportException(
                            file,
                            "",
                            "this RIM does not count any more: %s. Fetch it anew from NVIDIA's RIM service, which issues them again, or take it out of the folder."
                                    .formatted(String.join("; ", outside)));
                }
                add(file, content, rim);
            }
        }
    }

    private void add(String file, Bytes content, SignedRim rim) throws ImportException {
        ReferenceManifest manifest = rim.manifest();
        String version = manifest.colloquialVersion();
        boolean ofSwitch = manifest.edition().equals("SWITCH");
        String upper = version.toUpperCase(Locale.ROOT);
        boolean firmware = FIRMWARE.matcher(upper).matches();
        if (!firmware && (ofSwitch || !DRIVER.matcher(version).matches())) {
            throw new ImportException(
                    file,
                    "",
                    "it is of version \"%s\", which looks like neither a driver's (550.90.07) nor firmware's (96.00.9F.00.01). Take it out of the folder."
                            .formatted(version));
        }
        String product = manifest.product().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        String what = ofSwitch ? "switch_bios_versions" : firmware ? "vbios_versions" : "driver_versions";
        SetBuilder set = sets.computeIfAbsent(
                what + "_" + product, name -> new SetBuilder(name, firmware ? "vbios_version" : "driver_version"));
        String note = "%s %s, %s, tag %s, issued %s, signers until %s, sha256 %s"
                .formatted(
                        manifest.product(),
                        manifest.edition(),
                        Printable.line(file, 80),
                        Printable.line(manifest.tagId(), 12),
                        day(rim.chain().leaf().window().notBefore()),
                        day(rim.chain().until()),
                        content.sha256().slice(0, 8));
        if (set.add(firmware ? upper : version, note) == SetBuilder.Adding.ALREADY_THERE) {
            notes.add(
                    "%s is about version %s, as another file is; the version is written once".formatted(file, version));
        }
    }

    private static String day(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC).toLocalDate().toString();
    }

    private List<String> rules() {
        var lines = new ArrayList<String>();
        lines.add("For rules of a policy that draws this file in:");
        sets.values()
                .forEach(set -> lines.add("  require: %s.%s in references.%s"
                        .formatted(set.name().startsWith("switch") ? "nvswitch" : "gpu", set.claim(), set.name())));
        return lines;
    }
}
