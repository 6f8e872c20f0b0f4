package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * An LS10 NVSwitch that reports.
 *
 * @param bios with dots: {@code 96.10.73.00.01}
 * @param position 0 to 3 on a board
 * @param gpus the PDIs of the GPUs it joins, at most eight
 * @param ports of each of 64 ports the index of its GPU, or 0xFF
 */
public record SoftwareSwitch(NvidiaChip chip, String bios, int position, List<Bytes> gpus, Bytes ports) {
    public static final String BIOS = "96.10.73.00.01";

    private static final int BLOCKS = 31;
    private static final int COUNTED = 27;
    private static final int LIST = 8;

    public SoftwareSwitch {
        gpus = List.copyOf(gpus);
    }

    static SoftwareSwitch of(SoftwareNvidia nvidia, String name, int position, List<Bytes> gpus, Bytes ports) {
        return new SoftwareSwitch(nvidia.chip(NvidiaArchitecture.LS10, name), BIOS, position, gpus, ports);
    }

    public SoftwareSwitch with(NvidiaChip other) {
        return new SoftwareSwitch(other, bios, position, gpus, ports);
    }

    public SoftwareSwitch bios(String other) {
        return new SoftwareSwitch(chip, other, position, gpus, ports);
    }

    public SoftwareSwitch joining(List<Bytes> others) {
        return new SoftwareSwitch(chip, bios, position, others, ports);
    }

    /** The RIM of the BIOS; project and SKU are the same for every LS10. */
    public String biosRimId() {
        return "NV_SWITCH_BIOS_5612_0002_890_" + bios.replace(".", "").toUpperCase(Locale.ROOT);
    }

    public Bytes report(Bytes nonce) {
        return draft(nonce).signed();
    }

    public Bytes report(Bytes nonce, UnaryOperator<NvidiaReport> change) {
        return change.apply(draft(nonce)).signed();
    }

    /** The report to change and finish with {@code signed()}. */
    public NvidiaReport draft(Bytes nonce) {
        var golden = NvidiaGolden.switchBios(biosRimId());
        var report = new NvidiaReport(nonce, chip.leafKey());
        int[] extended = new int[COUNTED];
        for (int i = 0; i < BLOCKS; i++) {
            Bytes value = golden.getOrDefault(i, List.of(NvidiaGolden.UNUSED)).getFirst();
            report.blocks(blocks -> blocks.add(NvidiaBlock.of(blocks.size(), value)));
            if (i < COUNTED) {
                extended[i] = value.isAllZero() ? 0 : 1;
            }
        }
        extended[8] = 110;
        return report.opaque(NvidiaOpaque.VBIOS_VERSION, Bytes.utf8(bios))
                .opaque(NvidiaOpaque.PDI, chip.pdi())
                .opaque(NvidiaOpaque.MSRSCNT, NvidiaReport.counters(extended))
                .opaque(NvidiaOpaque.SWITCH_GPU_PDIS, Bytes.concat(pdis(), ports))
                .opaque(NvidiaOpaque.DISABLED_PORTS, Bytes.fromHex("ec00"))
                .opaque(NvidiaOpaque.POSITION_ID, LittleEndian.u16(position))
                .opaque(NvidiaOpaque.LOCK_SWITCH_STATUS, LittleEndian.u16(1));
    }

    private Bytes pdis() {
        var entries = new ArrayList<>(gpus);
        while (entries.size() < LIST) {
            entries.add(Bytes.fromHex("ff".repeat(8)));
        }
        return Bytes.concat(entries.toArray(Bytes[]::new));
    }
}
