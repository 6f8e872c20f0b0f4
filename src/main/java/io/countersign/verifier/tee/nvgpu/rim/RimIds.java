package io.countersign.verifier.tee.nvgpu.rim;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names under which NVIDIA's RIM service keeps manifests: NVIDIA Attestation Suite, RIM service. Devices say what goes into
 * them, so only plain letters, digits and dots do: they end up in addresses and file names.
 */
public final class RimIds {
    private static final Pattern PIECE = Pattern.compile("(?=.*[A-Za-z0-9])[A-Za-z0-9.]{1,32}");
    private static final Pattern BLACKWELL = Pattern.compile("GB[0-9]{1,6}");

    /** Switches do not say of which board they are; NVIDIA has one for LS10. */
    private static final String LS10_BOARD = "NV_SWITCH_BIOS_5612_0002_890_";

    private RimIds() {}

    /**
     * The manifest of a driver; empty for a chip that none are known for.
     *
     * @param chip {@code GH100}, or of Blackwell what the report says, such as {@code GB100}
     */
    public static Optional<String> driver(String chip, String driverVersion) {
        if (!areFit(chip, driverVersion)) {
            return Optional.empty();
        }
        if (chip.equals("GH100")) {
            return Optional.of("NV_GPU_DRIVER_GH100_" + driverVersion);
        }
        return BLACKWELL.matcher(chip).matches()
                ? Optional.of("NV_GPU_CC_DRIVER_" + chip + "_" + driverVersion)
                : Optional.empty();
    }

    /**
     * The manifest of a GPU's VBIOS.
     *
     * @param vbiosVersion with or without its dots
     */
    public static Optional<String> vbios(String project, String projectSku, String chipSku, String vbiosVersion) {
        String digits = vbiosVersion.replace(".", "");
        return areFit(project, projectSku, chipSku, vbiosVersion, digits)
                ? Optional.of(upper("NV_GPU_VBIOS_" + String.join("_", project, projectSku, chipSku, digits)))
                : Optional.empty();
    }

    /**
     * The manifest of an LS10 switch's BIOS.
     *
     * @param biosVersion with or without its dots
     */
    public static Optional<String> switchBios(String biosVersion) {
        String digits = biosVersion.replace(".", "");
        return areFit(biosVersion, digits) ? Optional.of(upper(LS10_BOARD + digits)) : Optional.empty();
    }

    private static boolean areFit(String... pieces) {
        return Stream.of(pieces).allMatch(piece -> PIECE.matcher(piece).matches());
    }

    private static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }
}
