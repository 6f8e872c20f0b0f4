package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A GPU that reports. It starts out as a current one would: FWID, opaque data version and feature flag are there, and every
 * register is what the RIMs of its driver and VBIOS say.
 *
 * @param feature FEATURE_FLAG
 * @param switches the PDIs of the switches behind its 18 links, in link order; none where it is not joined to any
 */
public record SoftwareGpu(NvidiaChip chip, NvidiaBoard board, Feature feature, List<Bytes> switches) {
    private static final int LINKS = 18;

    /** How a GPU is handed to a guest. */
    public enum Feature {
        /** One GPU, one guest. */
        SPT(0),
        /** Several GPUs, one guest. */
        MPT(1),
        /** All GPUs and switches, one guest. */
        PPCIE(2);

        private final int code;

        Feature(int code) {
            this.code = code;
        }
    }

    public SoftwareGpu {
        switches = List.copyOf(switches);
    }

    static SoftwareGpu of(SoftwareNvidia nvidia, NvidiaBoard board, String name) {
        return new SoftwareGpu(nvidia.chip(board.architecture(), name), board, Feature.SPT, List.of());
    }

    public SoftwareGpu with(NvidiaChip other) {
        return new SoftwareGpu(other, board, feature, switches);
    }

    public SoftwareGpu with(NvidiaBoard other) {
        return new SoftwareGpu(chip, other, feature, switches);
    }

    public SoftwareGpu with(Feature other) {
        return new SoftwareGpu(chip, board, other, switches);
    }

    /** Joined to these switches: one PDI for each link. */
    public SoftwareGpu linkedTo(List<Bytes> pdis) {
        return new SoftwareGpu(chip, board, feature, pdis);
    }

    public Bytes report(Bytes nonce) {
        return draft(nonce).signed();
    }

    public Bytes report(Bytes nonce, UnaryOperator<NvidiaReport> change) {
        return change.apply(draft(nonce)).signed();
    }

    /** The report to change and finish with {@code signed()}. */
    public NvidiaReport draft(Bytes nonce) {
        Map<Integer, Bytes> registers = registers();
        var report = new NvidiaReport(nonce, chip.leafKey());
        int[] extended = new int[NvidiaGolden.REGISTERS];
        for (int i = 0; i < extended.length; i++) {
            Bytes value = registers.getOrDefault(i, NvidiaGolden.UNUSED);
            report.blocks(blocks -> blocks.add(NvidiaBlock.of(blocks.size(), value)));
            extended[i] = value.isAllZero() ? 0 : 1;
        }
        extended[11] = 131;
        report.opaque(NvidiaOpaque.VBIOS_VERSION, board.vbiosBytes())
                .opaque(NvidiaOpaque.BOARD_ID, board.id())
                .opaque(NvidiaOpaque.CHIP_SKU, text(board.chipSku(), 9))
                .opaque(NvidiaOpaque.CHIP_SKU_MOD, text("0", 5))
                .opaque(NvidiaOpaque.PROJECT, text(board.project(), 5))
                .opaque(NvidiaOpaque.PROJECT_SKU, text(board.projectSku(), 5))
                .opaque(NvidiaOpaque.PROJECT_SKU_MOD, Bytes.zeros(2))
                .opaque(
                        NvidiaOpaque.DRIVER_VERSION,
                        text(board.driver(), board.driver().length() + 1))
                .opaque(NvidiaOpaque.GPU_INFO, gpuInfo())
                .opaque(NvidiaOpaque.MSRSCNT, NvidiaReport.counters(extended))
                .opaque(NvidiaOpaque.CPRINFO, board.cpr())
                .opaque(NvidiaOpaque.NVDEC0_STATUS, Bytes.fromHex("55"))
                .opaque(NvidiaOpaque.FWID, chip.fwid());
        if (board.architecture() == NvidiaArchitecture.BLACKWELL) {
            report.opaque(NvidiaOpaque.SYS_ENABLE_STATUS, Bytes.fromHex("0707"));
        } else {
            report.opaque(NvidiaOpaque.PROTECTED_PCIE_STATUS, Bytes.fromHex(feature == Feature.PPCIE ? "aa" : "55"));
        }
        if (!switches.isEmpty()) {
            report.opaque(NvidiaOpaque.PDI, links());
        }
        report.opaque(NvidiaOpaque.OPAQUE_DATA_VERSION, LittleEndian.u16(1));
        if (board.architecture() == NvidiaArchitecture.BLACKWELL) {
            report.opaque(NvidiaOpaque.CHIP_INFO, text("GB100", 6));
        }
        return report.opaque(NvidiaOpaque.FEATURE_FLAG, LittleEndian.u16(feature.code));
    }

    private Map<Integer, Bytes> registers() {
        var registers = new TreeMap<Integer, Bytes>();
        NvidiaGolden.driver(board.driverRimId()).forEach((index, values) -> registers.put(index, values.getFirst()));
        NvidiaGolden.vbios(board.vbiosRimId()).forEach((index, values) -> registers.put(index, values.getFirst()));
        // Not every register that is used has a golden value.
        registers.put(41, NvidiaGolden.unreferenced(41));
        return registers;
    }

    private Bytes gpuInfo() {
        return Bytes.fromHex(board.architecture() == NvidiaArchitecture.BLACKWELL ? "a001" : "8001")
                .zeroPaddedTo(8);
    }

    /** 18 entries, each the wrong way round, unlike how the switch spells itself. */
    private Bytes links() {
        Bytes[] links = new Bytes[LINKS];
        for (int i = 0; i < LINKS; i++) {
            links[i] = i < switches.size() ? switches.get(i).reversed() : Bytes.zeros(8);
        }
        return Bytes.concat(links);
    }

    static Bytes text(String text, int length) {
        return Bytes.utf8(text).zeroPaddedTo(length);
    }
}
