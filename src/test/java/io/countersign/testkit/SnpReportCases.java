package io.countersign.testkit;

import io.countersign.insecure.ReportField;
import io.countersign.insecure.ReportKey;
import io.countersign.insecure.SoftwareAmd;
import io.countersign.insecure.SoftwareReport;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.SnpTcb;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Reports that must be refused: no report at all, reserved bits, no true signature, another request's binding. */
final class SnpReportCases {
    private static final SoftwareAmd MILAN = SoftwareAmds.of(Product.MILAN);
    private static final int R = ReportField.SIGNATURE_R.offset();
    private static final int S = ReportField.SIGNATURE_S.offset();
    private static final Bytes ONE = Bytes.fromHex("01");

    private SnpReportCases() {}

    static List<SnpCase> all() {
        var cases = new ArrayList<SnpCase>();
        cases.addAll(notAReport());
        cases.addAll(format());
        cases.addAll(reserved());
        cases.addAll(signature());
        cases.addAll(binding());
        return cases;
    }

    private static List<SnpCase> notAReport() {
        return List.of(
                problem("one-byte-short", "1183 bytes", "evidence-malformed").recut(report -> report.slice(0, 1183)),
                problem("one-byte-too-many", "1185 bytes", "evidence-malformed")
                        .recut(report -> Bytes.concat(report, Bytes.zeros(1))),
                unsupported("version-0", r -> r.version(0)),
                unsupported("version-1", r -> r.version(1)),
                unsupported("version-6", r -> r.version(6)),
                unsupported("processor-model-unknown", r -> r.cpuid(0x19, 0x20, 0)),
                unsupported("processor-venice", r -> r.cpuid(0x1A, 0x50, 0)),
                unsupported("processor-family-unknown", r -> r.cpuid(0x17, 0x31, 0)));
    }

    private static List<SnpCase> format() {
        return List.of(
                format("signature-algorithm-unknown", "SIGNATURE_ALGO is 2", r -> r.signatureAlgo(2)),
                format("signing-key-none", "SIGNING_KEY is 7: no key signed", r -> r.flags(7 << 2)),
                format("signing-key-reserved", "SIGNING_KEY is 2, a reserved value", r -> r.flags(2 << 2)),
                format(
                        "mask-chip-key-zero-signature",
                        "MASK_CHIP_KEY is 1 and the signature is zeros, as firmware leaves it",
                        r -> r.flags(1 << 1).changingR(_ -> BigInteger.ZERO).changingS(_ -> BigInteger.ZERO)),
                format(
                        "mask-chip-key-with-a-signature",
                        "MASK_CHIP_KEY is 1 beside a true signature",
                        r -> r.flags(1 << 1)),
                format(
                        "reported-above-current",
                        "REPORTED_TCB is above CURRENT_TCB in one level",
                        r -> r.currentTcb(new SnpTcb.Classic(4, 0, 23, 219, Bytes.zeros(4)))),
                format("policy-bit-17-clear", "POLICY bit 17, which must be 1, is 0", r -> r.policy(0x1001F)),
                format(
                        "policy-reserved-bit-set",
                        "POLICY bit 26, which is reserved, is 1",
                        r -> r.policy(0x3001F | 1L << 26)),
                format(
                        "policy-highest-bit-set",
                        "POLICY bit 63, which is reserved, is 1",
                        r -> r.policy(0x3001F | 1L << 63)));
    }

    private static List<SnpCase> reserved() {
        return List.of(
                reserved("flags-reserved-bit-set", "Bit 5 at 0x048", r -> r.flags(1 << 5)),
                reserved("reserved-after-flags-set", "The byte at 0x04c", r -> r.patch(0x04C, ONE)),
                reserved("reserved-after-cpuid-set", "The byte at 0x18b", r -> r.patch(0x18B, ONE)),
                reserved("reserved-after-current-version-set", "The byte at 0x1eb", r -> r.patch(0x1EB, ONE)),
                reserved("reserved-after-committed-version-set", "The byte at 0x1ef", r -> r.patch(0x1EF, ONE)),
                reserved(
                        "reserved-before-signature-set",
                        "The byte at 0x29f, the last that is signed",
                        r -> r.patch(0x29F, ONE)),
                reserved("current-tcb-reserved-set", "Byte 2 of CURRENT_TCB", r -> r.patch(0x03A, ONE)),
                reserved("launch-tcb-reserved-set", "Byte 5 of LAUNCH_TCB", r -> r.patch(0x1F5, ONE)),
                reserved("v2-with-a-processor", "CPUID bytes in a report of version 2", r -> r.version(2)
                        .cpuid(0x19, 0x01, 1)),
                reserved(
                        "v3-with-mitigation-vectors",
                        "Mitigation vectors in a report of version 3",
                        r -> r.currentMitVector(0x0B)),
                format(
                        "signature-tail-set",
                        "The byte after S, which nobody signs, is not zero",
                        r -> r.patchAfterSigning(0x330, ONE)),
                format(
                        "last-byte-set",
                        "The last byte of the 1184, which nobody signs, is not zero",
                        r -> r.patchAfterSigning(0x49F, ONE)),
                format("r-longer-than-48-bytes", "A byte above R's 48", r -> r.patchAfterSigning(R + 48, ONE)),
                format("s-longer-than-48-bytes", "The highest of S's 72 bytes", r -> r.patchAfterSigning(S + 71, ONE)));
    }

    private static List<SnpCase> signature() {
        return List.of(
                signature(
                        "measurement-altered",
                        "One bit of MEASUREMENT is flipped after signing",
                        r -> r.patchAfterSigning(ReportField.MEASUREMENT.offset(), Bytes.copyOf((byte)
                                (MILAN.measurement().u8(0) ^ 1)))),
                signature(
                        "debug-bit-cleared-after-signing",
                        "A debug guest's report with the bit taken out",
                        r -> r.policyDebug(true)
                                .patchAfterSigning(ReportField.POLICY.offset() + 2, Bytes.fromHex("03"))),
                signature(
                        "guest-svn-altered",
                        "GUEST_SVN raised after signing",
                        r -> r.patchAfterSigning(ReportField.GUEST_SVN.offset(), Bytes.fromHex("09"))),
                signature(
                        "signed-by-another-key",
                        "A key that no certificate names signed the report",
                        r -> r.signedWith(SoftwareAmds.reportKey("stranger"))),
                signature("zero-signature", "R and S are zero: CVE-2022-21449", r -> r.changingR(_ -> BigInteger.ZERO)
                        .changingS(_ -> BigInteger.ZERO)),
                signature("r-zero", "R is zero", r -> r.changingR(_ -> BigInteger.ZERO)),
                signature("s-zero", "S is zero", r -> r.changingS(_ -> BigInteger.ZERO)),
                signature("r-is-the-order", "R is the order of the group", r -> r.changingR(_ -> ReportKey.ORDER)),
                signature("s-is-the-order", "S is the order of the group", r -> r.changingS(_ -> ReportKey.ORDER)),
                signature("r-plus-one", "R is one more", r -> r.changingR(value -> value.add(BigInteger.ONE))),
                signature("r-and-s-swapped-ends", "R and S in the byte order of the network", r -> r.changingR(
                                SnpReportCases::turned)
                        .changingS(SnpReportCases::turned)));
    }

    private static List<SnpCase> binding() {
        Bytes another = Bytes.copyOf(BindingArithmetic.reportData(
                Bytes.utf8("another nonce").sha256().toByteArray(), new byte[0], List.of()));
        return List.of(
                binding("report-data-of-another-nonce", "A genuine report for another request: a replay", another),
                binding("report-data-zero", "REPORT_DATA is all zero", Bytes.zeros(64)),
                binding(
                        "report-data-is-the-bare-nonce",
                        "REPORT_DATA holds the nonce itself, as the binding \"nonce\" would have it",
                        Bytes.utf8("countersign fixture report-data-is-the-bare-nonce")
                                .sha256()
                                .zeroPaddedTo(64)),
                binding(
                        "report-data-right-in-its-first-half",
                        "The first 32 bytes are right, the others zero",
                        Bytes.copyOf(BindingArithmetic.reportData(
                                        Bytes.utf8("countersign fixture report-data-right-in-its-first-half")
                                                .sha256()
                                                .toByteArray(),
                                        new byte[0],
                                        List.of()))
                                .slice(0, 32)
                                .zeroPaddedTo(64)));
    }

    private static BigInteger turned(BigInteger value) {
        byte[] bytes = value.toByteArray();
        int sign = bytes[0] == 0 ? 1 : 0;
        return new BigInteger(
                1, Bytes.copyOf(bytes).slice(sign, bytes.length).reversed().toByteArray());
    }

    private static SnpCase problem(String name, String what, String code) {
        return new SnpCase(name, "A report of " + what).problem(code);
    }

    private static SnpCase unsupported(String name, UnaryOperator<SoftwareReport> how) {
        return new SnpCase(name, "Signed and chained like a good one, but of a kind that is not known: " + name)
                .report(how)
                .problem("evidence-unsupported");
    }

    private static SnpCase format(String name, String what, UnaryOperator<SoftwareReport> how) {
        return new SnpCase(name, what).report(how).fails("snp.format", "snp.binding");
    }

    private static SnpCase reserved(String name, String what, UnaryOperator<SoftwareReport> how) {
        return format(name, what + ": reserved, not zero, and signed", how);
    }

    private static SnpCase signature(String name, String what, UnaryOperator<SoftwareReport> how) {
        return new SnpCase(name, what)
                .report(how)
                .fails("snp.report-signature", "snp.format", "snp.vek-chain", "snp.binding");
    }

    private static SnpCase binding(String name, String what, Bytes reportData) {
        var bound = new SnpCase(name, what).reportData(reportData).genuine();
        return bound.fails("snp.binding");
    }
}
