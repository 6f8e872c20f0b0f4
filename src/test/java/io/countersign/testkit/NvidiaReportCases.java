package io.countersign.testkit;

import io.countersign.insecure.NvidiaOpaque;
import io.countersign.insecure.NvidiaReport;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.verifier.bytes.Bytes;
import java.util.List;
import java.util.function.UnaryOperator;

/** Reports that do not parse, contradict themselves, are signed by somebody else, or answer another question. */
final class NvidiaReportCases {
    private static final SoftwareNvidia NVIDIA = SoftwareNvidias.trusted();
    private static final Bytes OTHER_NONCE = Bytes.utf8("another nonce").sha256();

    private NvidiaReportCases() {}

    static List<NvidiaCase> all() {
        return List.of(
                malformed("trailing-byte", "A byte follows the signature", r -> r.trailing(Bytes.zeros(1))),
                malformed(
                        "block-count-63",
                        "The report counts one block less than it has",
                        r -> r.blockCount(n -> n - 1)),
                malformed(
                        "record-length-short", "The record's length is a byte short", r -> r.recordLength(n -> n - 1)),
                malformed("record-length-16-mib", "The record's length is 16 MiB", r -> r.recordLength(n -> 0xFFFFFF)),
                malformed(
                        "opaque-length-long",
                        "The opaque length reaches into the signature",
                        r -> r.opaqueLength(n -> n + 1)),
                malformed(
                        "opaque-entry-overruns",
                        "An entry is longer than the opaque data",
                        r -> r.opaque(entries -> entries.set(
                                entries.size() - 1, entries.getLast().withSize(600)))),
                malformed("opaque-entry-cut-off", "Two bytes follow the last entry", r -> r.opaqueTail(Bytes.zeros(2))),
                malformed(
                        "block-size-unlike-its-value",
                        "A block's two sizes contradict each other",
                        r -> r.block(7, block -> block.withSizes(51, 47))),
                malformed(
                        "driver-version-of-a-path",
                        "The driver's version is a path, which would end up in the address of its RIM",
                        r -> r.opaque(NvidiaOpaque.DRIVER_VERSION, Bytes.utf8("../../etc/passwd\0"))),
                malformed(
                        "project-of-a-path",
                        "The board's project is two dots",
                        r -> r.opaque(NvidiaOpaque.PROJECT, Bytes.utf8("..\0\0\0"))),
                new NvidiaCase("switch-sent-as-a-gpu", "A switch's report and chain under the type of GPUs")
                        .nvswitch(NvidiaGoodCases.machine().switches().getFirst())
                        .with(device -> device.sentAs("gpu0", "nvidia-gpu"))
                        .about("gpu0")
                        .problem("evidence-unsupported"),
                cut("report-empty", "There is no report", report -> Bytes.empty()),
                cut(
                        "report-cut-in-half",
                        "The report ends in the middle",
                        report -> report.slice(0, report.length() / 2)),
                cut("report-of-the-request-only", "Nothing follows the request", report -> report.slice(0, 37)),
                format(
                        "no-signature-asked",
                        "The request asks for no signature (Param1)",
                        r -> r.requestBytes(2, Bytes.zeros(1))),
                format(
                        "one-block-asked",
                        "The request asks for one block (Param2)",
                        r -> r.requestBytes(3, Bytes.fromHex("01"))),
                format(
                        "slot-1-asked",
                        "The request names another certificate slot",
                        r -> r.requestBytes(36, Bytes.fromHex("01"))),
                malformed(
                        "block-twice",
                        "Register 9 stands there twice, in place of register 10",
                        r -> r.block(10, block -> block.withIndex(10))),
                malformed(
                        "block-index-0",
                        "A block has index 0, which SPDM does not know",
                        r -> r.block(63, block -> block.withIndex(0))),
                malformed(
                        "block-as-a-raw-stream",
                        "A block is no digest but a raw bit stream",
                        r -> r.block(9, block -> block.withType(0x81))),
                malformed(
                        "block-of-32-bytes",
                        "A block is a digest of 32 bytes",
                        r -> r.block(9, block -> block.withValue(block.value().slice(0, 32)))),
                malformed(
                        "opaque-entry-twice",
                        "The driver's version stands there twice",
                        r -> r.opaque(entries -> entries.add(NvidiaOpaque.of(
                                NvidiaOpaque.DRIVER_VERSION, Bytes.concat(Bytes.utf8("999.99"), Bytes.zeros(1)))))),
                format(
                        "register-used-and-never-extended",
                        "Register 9 has a value and was extended zero times",
                        r -> r.extensions(counts -> {
                            counts[9] = 0;
                            return counts;
                        })),
                format(
                        "version-of-tomorrow",
                        "The opaque data is of a version that nobody knows",
                        r -> r.opaque(NvidiaOpaque.OPAQUE_DATA_VERSION, Bytes.fromHex("0200"))),
                format(
                        "mode-contradicts-itself",
                        "FEATURE_FLAG says on its own, PROTECTED_PCIE_STATUS says joined",
                        r -> r.opaque(NvidiaOpaque.PROTECTED_PCIE_STATUS, Bytes.fromHex("aa"))),
                signature(
                        "signed-by-the-boot-rom",
                        "The boot ROM's key signed in place of the leaf's",
                        r -> r.signedBy(NVIDIA.h100("fixture").chip().bromKey())),
                signature(
                        "signed-by-another-gpu",
                        "Another GPU signed",
                        r -> r.signedBy(NVIDIA.h100("other").chip().leafKey())),
                signature(
                        "signed-by-an-earlier-boot",
                        "The leaf's key of another boot signed",
                        r -> r.signedBy(NVIDIA.h100("fixture").chip().rebooted().leafKey())),
                signature("signature-zero", "r and s are zero", r -> r.signature(raw -> Bytes.zeros(96))),
                signature(
                        "signature-reversed",
                        "r and s are little-endian",
                        r -> r.signature(raw -> Bytes.concat(
                                raw.slice(0, 48).reversed(), raw.slice(48, 96).reversed()))),
                signature(
                        "measurement-altered",
                        "A measurement was altered after signing",
                        r -> r.patchAfterSigning(45 + 9 * 55 + 7, Bytes.zeros(48))),
                signature("nonce-altered", "The nonce was put in after signing", r -> r.nonce(OTHER_NONCE))
                        .report(r -> r.patchAfterSigning(4, Bytes.zeros(32))),
                binding("nonce-of-another-request", "The device answered another nonce", r -> r.nonce(OTHER_NONCE)),
                binding("nonce-zero", "The device answered a nonce of zeros", r -> r.nonce(Bytes.zeros(32))),
                binding(
                        "nonce-padded-with-zeros",
                        "The device answered half of the nonce, padded with zeros",
                        r -> r.nonce(NvidiaRequest.deviceNonce("nonce-padded-with-zeros")
                                .slice(0, 16)
                                .zeroPaddedTo(32))),
                new NvidiaCase("nonce-in-the-responders-place", "The nonce stands where the responder's own belongs")
                        .report(r -> r.responderNonce(NvidiaRequest.deviceNonce("nonce-in-the-responders-place"))
                                .nonce(OTHER_NONCE))
                        .fails("gpu.binding", "gpu.format", "gpu.report-signature", "gpu.certificate-chain"),
                new NvidiaCase("fwid-of-other-firmware", "Other firmware reports than the leaf was issued to")
                        .report(r -> r.opaque(NvidiaOpaque.FWID, Bytes.fromHex("5a".repeat(48))))
                        .fails("gpu.fwid", "gpu.report-signature", "gpu.certificate-chain", "gpu.binding"),
                measured(
                        "firmware-altered",
                        "Register 2 holds something else",
                        r -> r.measured(2, Bytes.fromHex("5a".repeat(48)))),
                measured(
                        "driver-altered",
                        "Register 25 holds something else",
                        r -> r.measured(25, Bytes.fromHex("5a".repeat(48)))),
                measured(
                        "register-9-altered",
                        "Register 9, which tells the mode, holds something else",
                        r -> r.measured(9, Bytes.fromHex("5a".repeat(48)))),
                measured(
                        "register-left-out",
                        "The report has 63 blocks, and register 25 is not among them",
                        r -> r.blocks(blocks -> blocks.removeIf(block -> block.index() == 26))),
                measured(
                        "nvdec-status-of-another-value",
                        "Whether NVDEC is enabled cannot be told",
                        r -> r.opaque(NvidiaOpaque.NVDEC0_STATUS, Bytes.fromHex("00"))),
                measured(
                        "nvdec-enabled-and-unlike-its-record",
                        "NVDEC is enabled, and register 35 holds something else",
                        r -> r.opaque(NvidiaOpaque.NVDEC0_STATUS, Bytes.fromHex("aa"))
                                .measured(35, Bytes.fromHex("5a".repeat(48)))));
    }

    private static NvidiaCase malformed(String name, String what, UnaryOperator<NvidiaReport> how) {
        return new NvidiaCase(name, what).report(how).problem("evidence-malformed");
    }

    private static NvidiaCase cut(String name, String what, UnaryOperator<Bytes> how) {
        return new NvidiaCase(name, what).recut(how).problem("evidence-malformed");
    }

    private static NvidiaCase format(String name, String what, UnaryOperator<NvidiaReport> how) {
        return new NvidiaCase(name, what).report(how).withoutRims().fails("gpu.format");
    }

    private static NvidiaCase signature(String name, String what, UnaryOperator<NvidiaReport> how) {
        return new NvidiaCase(name, what).report(how).withoutRims().fails("gpu.report-signature");
    }

    private static NvidiaCase binding(String name, String what, UnaryOperator<NvidiaReport> how) {
        return new NvidiaCase(name, what)
                .report(how)
                .fails("gpu.binding", "gpu.format", "gpu.report-signature", "gpu.certificate-chain", "gpu.fwid");
    }

    private static NvidiaCase measured(String name, String what, UnaryOperator<NvidiaReport> how) {
        return new NvidiaCase(name, what).report(how).appraisedBadly("gpu.measurements");
    }
}
