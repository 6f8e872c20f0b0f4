package io.countersign.testkit;

import io.countersign.insecure.NvidiaMachine;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.testkit.NvidiaCase.Cpu;
import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A CPU and its devices, bound or not. */
final class NvidiaCompositeCases {
    private static final SoftwareNvidia NVIDIA = SoftwareNvidias.trusted();
    private static final String DISTINCT = "composite.devices-distinct";
    private static final String NONCES = "composite.nonces-agree";
    private static final String BINDING = "composite.binding";
    private static final String TOPOLOGY = "composite.topology";
    private static final Bytes OTHER = Bytes.utf8("other").sha256();

    private NvidiaCompositeCases() {}

    static List<NvidiaCase> all() {
        NvidiaMachine alone = NvidiaMachine.passthrough(NVIDIA, "fixture");
        NvidiaMachine joined = NvidiaGoodCases.machine();
        SoftwareGpu gpu = NVIDIA.h100("fixture");
        return List.of(
                bound("snp-and-a-gpu", "An SEV-SNP guest and its GPU", Cpu.SNP),
                bound("tdx-and-a-gpu", "A TD and its GPU", Cpu.TDX),
                bound("snp-and-8-gpus", "An SEV-SNP guest and eight GPUs", Cpu.SNP)
                        .machine(alone),
                bound(
                                "tdx-and-8-gpus-and-4-switches",
                                "A TD, eight GPUs and four switches that name each other",
                                Cpu.TDX)
                        .machine(joined)
                        .also(TOPOLOGY, "passed"),
                bound("report-data-without-devices", "The CPU's report commits to the nonce, but to no device", Cpu.SNP)
                        .reportData(OTHER.zeroPaddedTo(64))
                        .also(BINDING, "failed"),
                bound("same-gpu-twice", "One GPU's evidence stands there twice", Cpu.SNP)
                        .devices(List.of(NvidiaDevice.of("gpu0", gpu), NvidiaDevice.of("gpu1", gpu)))
                        .also(DISTINCT, "failed"),
                bound("same-chip-before-and-after-a-reboot", "One chip answers under two leaves", Cpu.SNP)
                        .devices(List.of(
                                NvidiaDevice.of("gpu0", gpu),
                                NvidiaDevice.of("gpu1", gpu.with(gpu.chip().rebooted()))))
                        .also(DISTINCT, "failed"),
                bound("second-gpu-answers-another-nonce", "The second GPU answered another nonce", Cpu.SNP)
                        .devices(List.of(
                                NvidiaDevice.of("gpu0", gpu),
                                NvidiaDevice.of("gpu1", NVIDIA.h100("other")).report(r -> r.nonce(OTHER))))
                        .also(NONCES, "failed"),
                bound("switch-missing", "Three of the four switches", Cpu.TDX)
                        .machine(new NvidiaMachine(
                                joined.gpus(), joined.switches().subList(0, 3)))
                        .also(TOPOLOGY, "failed"),
                bound("gpu-missing", "Seven of the eight GPUs", Cpu.TDX)
                        .machine(new NvidiaMachine(joined.gpus().subList(0, 7), joined.switches()))
                        .also(TOPOLOGY, "failed"),
                bound("gpu-of-another-machine", "The eighth GPU is of another machine", Cpu.TDX)
                        .machine(new NvidiaMachine(
                                replaced(
                                        joined,
                                        NvidiaMachine.protectedPcie(NVIDIA, "elsewhere")
                                                .gpus()
                                                .get(7)),
                                joined.switches()))
                        .also(TOPOLOGY, "failed"),
                bound("switch-joins-a-gpu-of-another-machine", "A switch names a GPU that is not there", Cpu.TDX)
                        .machine(new NvidiaMachine(
                                joined.gpus(),
                                IntStream.range(0, 4)
                                        .mapToObj(i -> i == 2
                                                ? joined.switches().get(i).joining(strangers(joined))
                                                : joined.switches().get(i))
                                        .toList()))
                        .also(TOPOLOGY, "failed"));
    }

    private static List<SoftwareGpu> replaced(NvidiaMachine machine, SoftwareGpu last) {
        var gpus = new ArrayList<>(machine.gpus());
        gpus.set(7, last);
        return gpus;
    }

    private static List<Bytes> strangers(NvidiaMachine machine) {
        var pdis = new ArrayList<>(machine.switches().getFirst().gpus());
        pdis.set(3, OTHER.slice(0, 8));
        return pdis;
    }

    /** A genuine first GPU; nothing is wrong with the rest until it is said. */
    private static NvidiaCase bound(String name, String what, Cpu cpu) {
        return new NvidiaCase(name, what)
                .beside(cpu)
                .genuine()
                .also(DISTINCT, "passed")
                .also(NONCES, "passed")
                .also(BINDING, "passed");
    }
}
