package io.countersign.testkit;

import io.countersign.insecure.NvidiaMachine;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.testkit.NvidiaRequest.Cpu;
import io.countersign.verifier.bytes.Bytes;
import java.util.List;
import java.util.stream.IntStream;

/** A CPU and its GPUs, bound or not. */
final class NvidiaCompositeCases {
    private static final SoftwareNvidia NVIDIA = SoftwareNvidias.trusted();
    private static final String DISTINCT = "composite.devices-distinct";
    private static final String NONCES = "composite.nonces-agree";
    private static final String BINDING = "composite.binding";
    private static final String TOPOLOGY = "composite.topology";
    private static final Bytes OTHER = Bytes.utf8("other").sha256();
    private static final SoftwareGpu GPU = NVIDIA.h100("fixture");
    private static final SoftwareGpu SECOND = NVIDIA.h100("fixture-gpu1");

    private NvidiaCompositeCases() {}

    static List<NvidiaCase> all() {
        return List.of(
                bound("snp-and-a-gpu", "An SEV-SNP guest and its GPU")
                        .policy("confidential-gpu-strict")
                        .affirmed(),
                bound("tdx-and-a-gpu", "A TD and its GPU")
                        .beside(Cpu.TDX)
                        .policy("confidential-gpu-strict")
                        .affirmed(),
                bound("snp-and-8-gpus", "An SEV-SNP guest and eight GPUs that share it")
                        .policy("confidential-gpu-strict")
                        .machine(eight(SoftwareGpu.Feature.MPT))
                        .claim("feature_flag", "MPT")
                        .affirmed(),
                bound("tdx-and-8-gpus", "A TD and eight GPUs, each on its own")
                        .beside(Cpu.TDX)
                        .machine(eight(SoftwareGpu.Feature.SPT))
                        .claim("feature_flag", "SPT")
                        .affirmed(),
                bound("key-and-8-gpus", "An SEV-SNP guest with eight GPUs; all evidence commits to a key")
                        .policy("confidential-gpu-strict")
                        .machine(eight(SoftwareGpu.Feature.MPT))
                        .withKey()
                        .affirmed(),
                bound("td-key-and-8-gpus", "A TD with eight GPUs; all evidence commits to a key")
                        .beside(Cpu.TDX)
                        .machine(eight(SoftwareGpu.Feature.SPT))
                        .withKey()
                        .affirmed(),
                bound("snp-and-a-gpu-by-the-baseline", "The policy has no place for GPUs")
                        .policy("baseline")
                        .refused(),
                bound("gpu-alone", "A GPU without a CPU: nothing vouches for it")
                        .beside(Cpu.NONE)
                        .open(NvidiaVerdict.COMPOSITE.toArray(String[]::new))
                        .refused(),
                bound("report-data-without-devices", "The CPU's report commits to the nonce, but to no device")
                        .reportData(OTHER.zeroPaddedTo(64))
                        .also(BINDING, "failed")
                        .refused(),
                two("cpu-commits-to-one-gpu-of-two", "The second GPU joined after the CPU's report was made")
                        .committed(devices -> devices.subList(0, 1))
                        .also(BINDING, "failed")
                        .refused(),
                two("answers-exchanged", "The two GPUs' answers stand under each other's label")
                        .committed(devices -> List.of(
                                devices.get(1).labelled("gpu0"), devices.get(0).labelled("gpu1")))
                        .also(BINDING, "failed")
                        .refused(),
                bound(
                                "cpu-commits-to-another-gpu",
                                "The CPU's report commits to another GPU, which answered the same nonce")
                        .committed(_ -> List.of(NvidiaDevice.of("gpu0", SECOND)))
                        .also(BINDING, "failed")
                        .refused(),
                bound("relayed-gpu", "The GPU of another machine, which answered another request")
                        .report(r -> r.nonce(OTHER))
                        .fails("gpu.binding")
                        .also(NONCES, "failed")
                        .also(BINDING, "failed")
                        .open(DISTINCT, TOPOLOGY)
                        .refused(),
                bound("same-gpu-twice", "One GPU's evidence stands there twice")
                        .devices(List.of(NvidiaDevice.of("gpu0", GPU), NvidiaDevice.of("gpu1", GPU)))
                        .also(DISTINCT, "failed")
                        .refused(),
                bound("same-chip-before-and-after-a-reboot", "One chip answers under two leaves")
                        .devices(List.of(
                                NvidiaDevice.of("gpu0", GPU),
                                NvidiaDevice.of("gpu1", GPU.with(GPU.chip().rebooted()))))
                        .also(DISTINCT, "failed")
                        .refused(),
                bound("second-gpu-answers-another-nonce", "The second GPU answered another nonce")
                        .devices(List.of(
                                NvidiaDevice.of("gpu0", GPU),
                                NvidiaDevice.of("gpu1", SECOND).report(r -> r.nonce(OTHER))))
                        .also(NONCES, "failed")
                        .also(BINDING, "failed")
                        .open(DISTINCT, TOPOLOGY)
                        .refused(),
                bound("modes-mixed", "One GPU is on its own, and the other shares its guest")
                        .devices(List.of(
                                NvidiaDevice.of("gpu0", GPU),
                                NvidiaDevice.of("gpu1", SECOND.with(SoftwareGpu.Feature.MPT))))
                        .also(TOPOLOGY, "failed")
                        .refused(),
                bound("modes-not-all-signed", "One GPU signs that it is on its own, the other's driver signs no mode")
                        .devices(List.of(
                                NvidiaDevice.of("gpu0", GPU),
                                NvidiaDevice.of("gpu1", SECOND).report(NvidiaPolicyCases::withoutFlag)))
                        .also(TOPOLOGY, "undetermined")
                        .refused());
    }

    private static NvidiaMachine eight(SoftwareGpu.Feature feature) {
        return new NvidiaMachine(
                NvidiaMachine.passthrough(NVIDIA, "fixture").gpus().stream()
                        .map(gpu -> gpu.with(feature))
                        .toList(),
                List.of());
    }

    private static NvidiaCase two(String name, String what) {
        return bound(name, what)
                .devices(IntStream.range(0, 2)
                        .mapToObj(i -> NvidiaDevice.of("gpu" + i, i == 0 ? GPU : SECOND))
                        .toList());
    }

    /** A genuine first GPU; nothing is wrong with the rest until it is said. */
    private static NvidiaCase bound(String name, String what) {
        return NvidiaPolicyCases.bound(name, what).policy("confidential-gpu");
    }
}
