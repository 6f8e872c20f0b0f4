package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.util.Locale;

/**
 * A board as its report spells it.
 *
 * @param id BOARD_ID as it stands in the report
 * @param cpr CPRINFO as it stands in the report
 * @param vbios with dots: {@code 96.00.CF.00.02}
 */
public record NvidiaBoard(
        NvidiaArchitecture architecture,
        String project,
        String projectSku,
        String chipSku,
        Bytes id,
        Bytes cpr,
        String vbios,
        String driver) {
    public static final NvidiaBoard H100 = new NvidiaBoard(
            NvidiaArchitecture.HOPPER,
            "G520",
            "0200",
            "885",
            Bytes.fromHex("37040000"),
            Bytes.fromHex("00c00100"),
            "96.00.CF.00.02",
            "580.82.07");
    public static final NvidiaBoard B200 = new NvidiaBoard(
            NvidiaArchitecture.BLACKWELL,
            "G525",
            "0220",
            "886",
            Bytes.fromHex("6f060000"),
            Bytes.fromHex("00000400"),
            "97.00.88.00.0F",
            "580.95.05");

    public NvidiaBoard withDriver(String version) {
        return new NvidiaBoard(architecture, project, projectSku, chipSku, id, cpr, vbios, version);
    }

    public NvidiaBoard withVbios(String version) {
        return new NvidiaBoard(architecture, project, projectSku, chipSku, id, cpr, version, driver);
    }

    /** The RIM of the driver. */
    public String driverRimId() {
        return switch (architecture) {
            case HOPPER -> "NV_GPU_DRIVER_GH100_" + driver;
            case BLACKWELL -> "NV_GPU_CC_DRIVER_GB100_" + driver;
            case LS10 -> throw new IllegalStateException("a switch has no driver");
        };
    }

    /** The RIM of the VBIOS. */
    public String vbiosRimId() {
        return "NV_GPU_VBIOS_%s_%s_%s_%s"
                .formatted(project, projectSku, chipSku, vbios.replace(".", ""))
                .toUpperCase(Locale.ROOT);
    }

    /** VBIOS_VERSION: the printed bytes b3.b2.b1.b0.b4 of eight. */
    Bytes vbiosBytes() {
        Bytes printed = Bytes.fromHex(vbios.replace(".", ""));
        return Bytes.concat(printed.slice(0, 4).reversed(), printed.slice(4, 5)).zeroPaddedTo(8);
    }
}
