package io.countersign.testkit;

import io.countersign.insecure.NvidiaArchitecture;
import io.countersign.insecure.NvidiaBoard;
import io.countersign.insecure.NvidiaKey;
import io.countersign.insecure.NvidiaMachine;
import io.countersign.insecure.NvidiaOpaque;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.insecure.SoftwareOcsp;
import io.countersign.insecure.SoftwareRim;
import io.countersign.verifier.bytes.Bytes;
import java.util.List;
import java.util.stream.Stream;

/** Genuine devices in all their forms. */
final class NvidiaGoodCases {
    private static final SoftwareNvidia NVIDIA = SoftwareNvidias.trusted();
    private static final SoftwareGpu H100 = NVIDIA.h100("fixture");

    private NvidiaGoodCases() {}

    static List<NvidiaCase> all() {
        return List.of(
                good("h100", "An H100 in its own guest"),
                good("h100-mpt", "An H100 that shares its guest with others").gpu(H100.with(SoftwareGpu.Feature.MPT)),
                good("h100-rebooted", "The same chip after a reboot: another leaf, the same boot ROM")
                        .gpu(H100.with(H100.chip().rebooted())),
                good("b200", "A Blackwell").gpu(NVIDIA.b200("fixture")),
                new NvidiaCase("ls10", "An NVSwitch, which has no FWID in its report")
                        .nvswitch(machine().switches().getFirst())
                        .genuine()
                        .undetermined("gpu.fwid"),
                good("versioned-opaque-data", "The opaque data stand in the newer layout")
                        .report(r -> r.layout(NvidiaOpaque.Layout.VERSIONED)
                                .withoutOpaque(NvidiaOpaque.OPAQUE_DATA_VERSION)),
                good("unknown-opaque-entry", "An entry that nobody knows stands among the opaque data")
                        .report(r -> r.opaque(4711, Bytes.fromHex("c0de"))),
                good("old-driver-without-feature-flag", "A driver that tells neither layout version nor feature flag")
                        .report(r -> r.withoutOpaque(NvidiaOpaque.OPAQUE_DATA_VERSION)
                                .withoutOpaque(NvidiaOpaque.FEATURE_FLAG)),
                good("s-negated", "n minus s in place of s: another signature of the same key, and as valid")
                        .report(r -> r.signature(NvidiaKey::negatingS)),
                good("rims-signed-again", "Both RIMs were signed again by a later signer")
                        .rim(SoftwareRim.vbios(NVIDIA, NvidiaBoard.H100).reissued(NVIDIA.rims(kind())))
                        .rim(SoftwareRim.driver(NVIDIA, NvidiaBoard.H100).reissued(NVIDIA.rims(kind())))
                        .answering(answers -> Stream.concat(
                                        answers.stream(),
                                        NVIDIA
                                                .answersAbout(
                                                        NVIDIA.rims(kind()),
                                                        NVIDIA.rims(kind()).laterSignerDraft())
                                                .stream())
                                .toList()),
                good("answers-by-sha1", "The OCSP answers name their issuers by SHA-1")
                        .answering(answers -> answers.stream()
                                .map(answer -> answer.hash(SoftwareOcsp.Hash.SHA1))
                                .toList())
                        .open("gpu.revocation"),
                good(
                                "nvdec-disabled-and-unlike-its-record",
                                "NVDEC is disabled, so that register 35 counts for nothing")
                        .report(r -> r.measured(35, Bytes.fromHex("5a".repeat(48)))),
                new NvidiaCase("fwid-absent", "A driver so old that it reports no FWID")
                        .report(r -> r.withoutOpaque(NvidiaOpaque.FWID))
                        .genuine()
                        .undetermined("gpu.fwid"));
    }

    private static NvidiaArchitecture kind() {
        return NvidiaArchitecture.HOPPER;
    }

    static NvidiaMachine machine() {
        return NvidiaMachine.protectedPcie(NVIDIA, "fixture");
    }

    private static NvidiaCase good(String name, String what) {
        return new NvidiaCase(name, what).genuine();
    }
}
