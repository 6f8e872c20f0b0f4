package io.countersign.testkit;

import io.countersign.insecure.NvidiaMachine;
import io.countersign.insecure.NvidiaOpaque;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.insecure.SoftwareSwitch;
import io.countersign.testkit.NvidiaRequest.Cpu;
import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/** A TD, eight GPUs and four switches that name each other, or do not. */
final class NvidiaTopologyCases {
    private static final SoftwareNvidia NVIDIA = SoftwareNvidias.trusted();
    private static final NvidiaMachine MACHINE = NvidiaGoodCases.machine();
    private static final NvidiaMachine ELSEWHERE = NvidiaMachine.protectedPcie(NVIDIA, "elsewhere");
    private static final String TOPOLOGY = "composite.topology";
    private static final Bytes STRANGER = Bytes.utf8("other").sha256().slice(0, 8);

    private NvidiaTopologyCases() {}

    static List<NvidiaCase> all() {
        return List.of(
                joined("tdx-and-8-gpus-and-4-switches", "A TD, eight GPUs and four switches that name each other")
                        .policy("confidential-gpu-strict")
                        .claim("cc_mode", "ppcie")
                        .affirmed(),
                joined("switches-waive-fwid", "What counts of a switch: it reports no FWID, which the policy waives")
                        .about("nvswitch0")
                        .open("gpu.driver-rim")
                        .also("gpu.fwid", "waived")
                        .affirmed(),
                open("switch-missing", "Three of the four switches")
                        .machine(new NvidiaMachine(
                                MACHINE.gpus(), MACHINE.switches().subList(0, 3))),
                open("switch-extra", "A fifth switch, which no GPU names")
                        .machine(new NvidiaMachine(MACHINE.gpus(), withFifth())),
                open("one-switch-four-times", "One switch stands under four labels")
                        .machine(new NvidiaMachine(
                                MACHINE.gpus(),
                                Collections.nCopies(4, MACHINE.switches().getFirst())))
                        .also("composite.devices-distinct", "failed"),
                open("gpu-missing", "Seven of the eight GPUs")
                        .machine(new NvidiaMachine(MACHINE.gpus().subList(0, 7), MACHINE.switches())),
                open("gpu-of-another-machine", "The eighth GPU is of another machine")
                        .machine(new NvidiaMachine(lastGpu(_ -> ELSEWHERE.gpus().get(7)), MACHINE.switches())),
                open("gpu-names-three-switches", "The eighth GPU names three of the four switches")
                        .machine(new NvidiaMachine(
                                lastGpu(gpu -> gpu.linkedTo(gpu.switches().stream()
                                        .filter(pdi -> !pdi.equals(
                                                MACHINE.switches().get(3).chip().pdi()))
                                        .toList())),
                                MACHINE.switches())),
                open("gpu-names-no-switch", "The eighth GPU is in the mode that joins GPUs, and names no switch")
                        .machine(new NvidiaMachine(lastGpu(gpu -> gpu.linkedTo(List.of())), MACHINE.switches())),
                open("switch-joins-a-gpu-of-another-machine", "A switch names a GPU that is not there")
                        .machine(new NvidiaMachine(MACHINE.gpus(), thirdSwitch(device -> device.joining(strangers())))),
                open("ppcie-beside-mpt", "The eighth GPU is not in the mode of the others")
                        .machine(new NvidiaMachine(
                                lastGpu(gpu -> gpu.with(SoftwareGpu.Feature.MPT).linkedTo(List.of())),
                                MACHINE.switches())),
                joined("ppcie-where-cc-is-wanted", "The policy wants the mode that joins no GPUs")
                        .beside(Cpu.SNP)
                        .draft(NvidiaDrafts.tolerating("""
                                  waive:
                                    - check: gpu.fwid
                                      for: nvidia-nvswitch
                                      because: No switch reports it.
                                """))
                        .rule("GPU is of an admitted model", "failed")
                        .refused(),
                bare("switch-says-to-be-another", "A switch signs a PDI that is not its certificate's")
                        .about("nvswitch2")
                        .report(r -> r.opaque(NvidiaOpaque.PDI, STRANGER))
                        .fails("gpu.certificate-chain", "gpu.report-signature")
                        .also(TOPOLOGY, "undetermined")
                        .refused(),
                bare("switch-unlocked", "A switch that may be set up anew from outside")
                        .genuine()
                        .about("nvswitch1")
                        .report(r -> r.opaque(NvidiaOpaque.LOCK_SWITCH_STATUS, Bytes.fromHex("0000")))
                        .open("gpu.driver-rim")
                        .also("gpu.fwid", "waived")
                        .also(TOPOLOGY, "passed")
                        .rule("switch is locked", "failed")
                        .refused());
    }

    private static List<SoftwareGpu> lastGpu(UnaryOperator<SoftwareGpu> change) {
        var gpus = new ArrayList<>(MACHINE.gpus());
        gpus.set(7, change.apply(gpus.get(7)));
        return gpus;
    }

    private static List<SoftwareSwitch> thirdSwitch(UnaryOperator<SoftwareSwitch> change) {
        var switches = new ArrayList<>(MACHINE.switches());
        switches.set(2, change.apply(switches.get(2)));
        return switches;
    }

    private static List<SoftwareSwitch> withFifth() {
        var switches = new ArrayList<>(MACHINE.switches());
        switches.add(ELSEWHERE
                .switches()
                .getFirst()
                .joining(MACHINE.switches().getFirst().gpus()));
        return switches;
    }

    private static List<Bytes> strangers() {
        var pdis = new ArrayList<>(MACHINE.switches().getFirst().gpus());
        pdis.set(3, STRANGER);
        return pdis;
    }

    private static NvidiaCase bare(String name, String what) {
        return new NvidiaCase(name, what)
                .beside(Cpu.TDX)
                .policy("confidential-gpu")
                .machine(MACHINE);
    }

    private static NvidiaCase joined(String name, String what) {
        return NvidiaPolicyCases.bound(name, what)
                .beside(Cpu.TDX)
                .policy("confidential-gpu")
                .machine(MACHINE);
    }

    /** Every device is genuine, and their names for each other do not close. */
    private static NvidiaCase open(String name, String what) {
        return joined(name, what).also(TOPOLOGY, "failed").refused();
    }
}
