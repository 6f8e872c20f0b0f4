package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.scheme.Field;
import io.countersign.verifier.trust.Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Every field of a report and of the certificates beside it, by AMD's names, for people; nothing is judged. */
final class SnpFields {
    private static final HexFormat HEX = HexFormat.of();

    private final List<Field> fields = new ArrayList<>();

    private SnpFields() {}

    static List<Field> of(SnpEvidence evidence) {
        var fields = new SnpFields();
        fields.report(evidence.report());
        List<BroughtCertificates.Candidate> candidates = evidence.certificates().candidates();
        for (int i = 0; i < candidates.size(); i++) {
            fields.certificate("certificate " + i, candidates.get(i).certificate());
        }
        return List.copyOf(fields.fields);
    }

    private void report(AttestationReport report) {
        number("VERSION", 0x000, report.version());
        number("GUEST_SVN", 0x004, report.guestSvn());
        word("POLICY", 0x008, report.policy().raw());
        bytes("FAMILY_ID", 0x010, report.familyId());
        bytes("IMAGE_ID", 0x020, report.imageId());
        number("VMPL", 0x030, report.vmpl());
        number("SIGNATURE_ALGO", 0x034, report.signatureAlgo());
        bytes("CURRENT_TCB", 0x038, report.currentTcb());
        word("PLATFORM_INFO", 0x040, report.platformInfo().raw());
        KeyInfo key = report.keyInfo();
        add("AUTHOR_KEY_EN, MASK_CHIP_KEY, SIGNING_KEY", 0x048, 4, HEX.toHexDigits(key.raw(), 8));
        add("reserved", 0x04C, 4, HEX.toHexDigits(report.reservedAt04C(), 8));
        bytes("REPORT_DATA", 0x050, report.reportData());
        bytes("MEASUREMENT", 0x090, report.measurement());
        bytes("HOST_DATA", 0x0C0, report.hostData());
        bytes("ID_KEY_DIGEST", 0x0E0, report.idKeyDigest());
        bytes("AUTHOR_KEY_DIGEST", 0x110, report.authorKeyDigest());
        bytes("REPORT_ID", 0x140, report.reportId());
        bytes("REPORT_ID_MA", 0x160, report.reportIdMa());
        bytes("REPORTED_TCB", 0x180, report.reportedTcb());
        octet("CPUID_FAM_ID", 0x188, report.cpuId().family());
        octet("CPUID_MOD_ID", 0x189, report.cpuId().model());
        octet("CPUID_STEP", 0x18A, report.cpuId().stepping());
        bytes("reserved", 0x18B, report.reservedAt18B());
        bytes("CHIP_ID", 0x1A0, report.chipId());
        bytes("COMMITTED_TCB", 0x1E0, report.committedTcb());
        version("CURRENT", 0x1E8, report.currentVersion());
        version("COMMITTED", 0x1EC, report.committedVersion());
        bytes("LAUNCH_TCB", 0x1F0, report.launchTcb());
        word("LAUNCH_MIT_VECTOR", 0x1F8, report.launchMitVector());
        word("CURRENT_MIT_VECTOR", 0x200, report.currentMitVector());
        bytes("reserved", 0x208, report.reservedAt208());
        bytes("SIGNATURE.R", 0x2A0, report.signatureR());
        bytes("SIGNATURE.S", 0x2E8, report.signatureS());
        bytes("SIGNATURE, reserved", 0x330, report.afterSignature());
    }

    private void version(String prefix, int offset, FirmwareVersion version) {
        octet(prefix + "_BUILD", offset, version.build());
        octet(prefix + "_MINOR", offset + 1, version.minor());
        octet(prefix + "_MAJOR", offset + 2, version.major());
        octet("reserved", offset + 3, version.reserved());
    }

    private void certificate(String structure, Certificate certificate) {
        int length = certificate.der().length();
        fields.add(new Field(structure, "subject common name", 0, length, certificate.subjectCommonName()));
        fields.add(
                new Field(structure, "validity", 0, length, certificate.window().toString()));
        fields.add(new Field(
                structure, "SHA-256", 0, length, certificate.fingerprint().toString()));
    }

    private void number(String name, int offset, long value) {
        add(name, offset, 4, Long.toString(value));
    }

    private void word(String name, int offset, long value) {
        add(name, offset, 8, HEX.toHexDigits(value));
    }

    private void octet(String name, int offset, int value) {
        add(name, offset, 1, Integer.toString(value));
    }

    private void bytes(String name, int offset, Bytes value) {
        add(name, offset, value.length(), value.toString());
    }

    private void add(String name, int offset, int length, String value) {
        fields.add(new Field(AttestationReport.STRUCTURE, name, offset, length, value));
    }
}
