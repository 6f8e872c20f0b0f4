package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A server with eight GPUs, alone or joined by four switches.
 *
 * @param gpus in the order of their labels
 * @param switches none, or four
 */
public record NvidiaMachine(List<SoftwareGpu> gpus, List<SoftwareSwitch> switches) {
    private static final int GPUS = 8;
    private static final int SWITCHES = 4;
    private static final int LINKS = 18;
    private static final int PORTS = 64;

    public NvidiaMachine {
        gpus = List.copyOf(gpus);
        switches = List.copyOf(switches);
    }

    /** Eight GPUs, each on its own. */
    public static NvidiaMachine passthrough(SoftwareNvidia nvidia, String name) {
        return new NvidiaMachine(
                IntStream.range(0, GPUS)
                        .mapToObj(i -> SoftwareGpu.of(nvidia, NvidiaBoard.H100, "%s-gpu%d".formatted(name, i)))
                        .toList(),
                List.of());
    }

    /** Eight GPUs in PPCIE mode and four switches: every GPU has links to every switch, and nothing leads elsewhere. */
    public static NvidiaMachine protectedPcie(SoftwareNvidia nvidia, String name) {
        List<SoftwareGpu> bare = passthrough(nvidia, name).gpus;
        List<Bytes> gpuPdis = bare.stream().map(gpu -> gpu.chip().pdi()).toList();
        List<SoftwareSwitch> switches = IntStream.range(0, SWITCHES)
                .mapToObj(i -> SoftwareSwitch.of(nvidia, "%s-nvswitch%d".formatted(name, i), i, gpuPdis, ports(i)))
                .toList();
        var gpus = new ArrayList<SoftwareGpu>();
        for (int i = 0; i < GPUS; i++) {
            var links = new ArrayList<Bytes>();
            for (int link = 0; link < LINKS; link++) {
                links.add(switches.get((i + link / 2) % SWITCHES).chip().pdi());
            }
            gpus.add(bare.get(i).with(SoftwareGpu.Feature.PPCIE).linkedTo(links));
        }
        return new NvidiaMachine(gpus, switches);
    }

    /** Whose GPU is behind each port: as many ports a GPU as it has links to this switch. */
    private static Bytes ports(int position) {
        byte[] ports = Bytes.fromHex("ff".repeat(PORTS)).toByteArray();
        int at = 0;
        for (int gpu = 0; gpu < GPUS; gpu++) {
            for (int link = 0; link < LINKS; link++) {
                if ((gpu + link / 2) % SWITCHES == position) {
                    ports[at++] = (byte) gpu;
                }
            }
        }
        return Bytes.copyOf(ports);
    }
}
