package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.bytes.Bytes;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The families of devices that are known here, and how certificates, reports and RIMs of each name it.
 *
 * <p>LS10 chains lead through the intermediate of Hopper: read off every genuine one.
 */
enum Architecture {
    HOPPER("GH100", "GH100", "GH100", "80010000", Device.GPU),
    BLACKWELL("GB100", "GB100", "GB100", "a0010000", Device.GPU),
    LS10("LS_10", "GH100", "LS10", "", Device.NVSWITCH);

    /** What kind of device it is. */
    enum Device {
        GPU("an NVIDIA GPU", "41"),
        NVSWITCH("an NVSwitch", "50");

        private final String words;
        private final String serialPrefix;

        Device(String words, String serialPrefix) {
            this.words = words;
            this.serialPrefix = serialPrefix;
        }

        String words() {
            return words;
        }

        /** The first byte of the serial number of a boot ROM's certificate; the PDI follows. */
        Bytes serialPrefix() {
            return Bytes.fromHex(serialPrefix);
        }
    }

    private final String certificateName;
    private final String identityName;
    private final String rimName;
    private final String gpuInfo;
    private final Device device;

    Architecture(String certificateName, String identityName, String rimName, String gpuInfo, Device device) {
        this.certificateName = certificateName;
        this.identityName = identityName;
        this.rimName = rimName;
        this.gpuInfo = gpuInfo;
        this.device = device;
    }

    /** The family by the word that NVIDIA's tools write into {@code arch}, in any case; empty when no such word is known. */
    static Optional<Architecture> ofWord(String word) {
        return Stream.of(values())
                .filter(each -> each.name().equals(word.toUpperCase(Locale.ROOT)))
                .findFirst();
    }

    static Optional<Architecture> ofCertificateName(String name) {
        return Stream.of(values())
                .filter(each -> each.certificateName.equals(name))
                .findFirst();
    }

    /** In the names of the leaf, the boot ROM and the provisioner: {@code GH100}. */
    String certificateName() {
        return certificateName;
    }

    /** In the name of the intermediate below the root. */
    String identityName() {
        return identityName;
    }

    /** In RIMs and their ids. */
    String rimName() {
        return rimName;
    }

    /** How GPU_INFO begins; empty for switches, which have none. */
    Optional<Bytes> gpuInfo() {
        return Optional.of(gpuInfo).filter(hex -> !hex.isEmpty()).map(Bytes::fromHex);
    }

    Device device() {
        return device;
    }
}
