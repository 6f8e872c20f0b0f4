package io.countersign.insecure;

import java.util.Locale;

/** The kinds of devices that report, and how certificates, reports and RIMs spell them. */
public enum NvidiaArchitecture {
    HOPPER("GH100", "GSP", "41", "GH100", "NVIDIA GH100 Provisioner ICA 1", "2020-10-17T00:00:00Z"),
    BLACKWELL("GB100", "GSP", "41", "GB100", "NVIDIA GB100 Provisioner ICA 00000", "2023-06-20T00:00:00Z"),
    LS10("LS_10", "FSP", "50", "GH100", "NVIDIA LS_10 Provisioner ICA 1", "2020-10-17T00:00:00Z");

    private final String chip;
    private final String processor;
    private final String serialPrefix;
    private final String family;
    private final String provisioner;
    private final String born;

    NvidiaArchitecture(
            String chip, String processor, String serialPrefix, String family, String provisioner, String born) {
        this.chip = chip;
        this.processor = processor;
        this.serialPrefix = serialPrefix;
        this.family = family;
        this.provisioner = provisioner;
        this.born = born;
    }

    /** In certificates: {@code GH100}, {@code LS_10}. */
    public String chip() {
        return chip;
    }

    /** In RIMs, without the underscore. */
    public String product() {
        return chip.replace("_", "");
    }

    /** Of the boot ROM's certificate, without its serialNumber. */
    public String bromName() {
        return "%s A01 %s BROM".formatted(chip, processor);
    }

    public String leafName() {
        return "%s A01 %s FMC LF".formatted(chip, processor);
    }

    /** The model as DiceTcbInfo has it. */
    String model() {
        return "%s A01 %s".formatted(chip, processor);
    }

    /** What stands before the PDI in the boot ROM certificate's serialNumber, in hex. */
    String serialPrefix() {
        return serialPrefix;
    }

    public String provisioner() {
        return provisioner;
    }

    /** The common name of level 2; switches belong to Hopper's. */
    public String identity() {
        return "NVIDIA %s Identity".formatted(family);
    }

    /** The name of level 2's revocation list: {@code l2-gh100.crl}. */
    String family() {
        return family.toLowerCase(Locale.ROOT);
    }

    /** When the certificates of chips begin. */
    String born() {
        return born;
    }

    boolean isSwitch() {
        return this == LS10;
    }
}
