package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.ByteCursor;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.bytes.UnsupportedEvidenceException;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * ATTESTATION_REPORT as received. AMD 56860, Table 23. Versions 2 to 5 share one layout: what a later version named was
 * reserved before, and {@link ReportFormat} refuses it there unless zero. A TCB_VERSION stays undecoded here, because its
 * layout depends on the product line, which version 2 does not state.
 *
 * @param reservedAt18B 21 bytes, after CPUID_STEP
 * @param reservedAt208 152 bytes, up to the signature
 * @param signatureR 72 bytes, little-endian
 * @param signatureS 72 bytes, little-endian
 * @param afterSignature 368 bytes that nothing signs
 * @param signedBytes 0x000 to 0x29F exactly as received
 */
public record AttestationReport(
        long version,
        long guestSvn,
        GuestPolicy policy,
        Bytes familyId,
        Bytes imageId,
        long vmpl,
        long signatureAlgo,
        Bytes currentTcb,
        PlatformInfo platformInfo,
        KeyInfo keyInfo,
        long reservedAt04C,
        Bytes reportData,
        Bytes measurement,
        Bytes hostData,
        Bytes idKeyDigest,
        Bytes authorKeyDigest,
        Bytes reportId,
        Bytes reportIdMa,
        Bytes reportedTcb,
        CpuId cpuId,
        Bytes reservedAt18B,
        Bytes chipId,
        Bytes committedTcb,
        FirmwareVersion currentVersion,
        FirmwareVersion committedVersion,
        Bytes launchTcb,
        long launchMitVector,
        long currentMitVector,
        Bytes reservedAt208,
        Bytes signatureR,
        Bytes signatureS,
        Bytes afterSignature,
        Bytes signedBytes) {
    public static final String STRUCTURE = "ATTESTATION_REPORT";
    public static final int LENGTH = 0x4A0;

    /** What the signature covers: AMD 56860, section 7.3. */
    private static final int SIGNED_LENGTH = 0x2A0;

    private static final long FIRST_VERSION = 2;
    private static final long LAST_VERSION = 5;

    /** Reads exactly 1184 bytes of a version and, from version 3 on, of a product line that we know. */
    public static AttestationReport parse(Bytes raw) throws EvidenceException {
        AttestationReport report = ByteCursor.readExactly(STRUCTURE, raw, ByteOrder.LITTLE_ENDIAN, in -> read(in, raw));
        if (report.version < FIRST_VERSION || report.version > LAST_VERSION) {
            throw new UnsupportedEvidenceException(
                    STRUCTURE, "version " + report.version + " is not known; versions 2 to 5 are");
        }
        if (report.statesCpuId() && report.cpuId.product().isEmpty()) {
            throw new UnsupportedEvidenceException(
                    STRUCTURE,
                    "processor family 0x%02x model 0x%02x is of no product line that is known; Milan, Genoa and Turin are"
                            .formatted(report.cpuId.family(), report.cpuId.model()));
        }
        return report;
    }

    private static AttestationReport read(ByteCursor in, Bytes raw) throws MalformedEvidenceException {
        return new AttestationReport(
                in.at(0x000).u32(), // VERSION
                in.at(0x004).u32(), // GUEST_SVN
                new GuestPolicy(in.at(0x008).u64()), // POLICY
                in.at(0x010).bytes(16), // FAMILY_ID
                in.at(0x020).bytes(16), // IMAGE_ID
                in.at(0x030).u32(), // VMPL
                in.at(0x034).u32(), // SIGNATURE_ALGO
                in.at(0x038).bytes(8), // CURRENT_TCB
                new PlatformInfo(in.at(0x040).u64()), // PLATFORM_INFO
                new KeyInfo(in.at(0x048).u32()), // AUTHOR_KEY_EN, MASK_CHIP_KEY, SIGNING_KEY
                in.at(0x04C).u32(), // reserved
                in.at(0x050).bytes(64), // REPORT_DATA
                in.at(0x090).bytes(48), // MEASUREMENT
                in.at(0x0C0).bytes(32), // HOST_DATA
                in.at(0x0E0).bytes(48), // ID_KEY_DIGEST
                in.at(0x110).bytes(48), // AUTHOR_KEY_DIGEST
                in.at(0x140).bytes(32), // REPORT_ID
                in.at(0x160).bytes(32), // REPORT_ID_MA
                in.at(0x180).bytes(8), // REPORTED_TCB
                new CpuId(in.at(0x188).u8(), in.at(0x189).u8(), in.at(0x18A).u8()), // CPUID_*, from version 3
                in.at(0x18B).bytes(21), // reserved
                in.at(0x1A0).bytes(64), // CHIP_ID
                in.at(0x1E0).bytes(8), // COMMITTED_TCB
                FirmwareVersion.read(in.at(0x1E8)), // CURRENT_BUILD, CURRENT_MINOR, CURRENT_MAJOR, reserved
                FirmwareVersion.read(in.at(0x1EC)), // COMMITTED_BUILD, COMMITTED_MINOR, COMMITTED_MAJOR, reserved
                in.at(0x1F0).bytes(8), // LAUNCH_TCB
                in.at(0x1F8).u64(), // LAUNCH_MIT_VECTOR, from version 5
                in.at(0x200).u64(), // CURRENT_MIT_VECTOR, from version 5
                in.at(0x208).bytes(152), // reserved
                in.at(0x2A0).bytes(72), // SIGNATURE.R
                in.at(0x2E8).bytes(72), // SIGNATURE.S
                in.at(0x330).bytes(368), // SIGNATURE, reserved
                raw.slice(0, SIGNED_LENGTH));
    }

    /** Whether this version names the processor. */
    public boolean statesCpuId() {
        return version >= 3;
    }

    /** The product line the report states; empty in version 2. */
    public Optional<Product> product() {
        return statesCpuId() ? cpuId.product() : Optional.empty();
    }

    /** The host hides the chip: MASK_CHIP_ID. With a VLEK this is usual. */
    public boolean chipIdMasked() {
        return chipId.isAllZero();
    }
}
