package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.check.SpecRef;
import java.util.List;
import java.util.Optional;

/** What must hold for the report of a GPU or an NVSwitch to be genuine, and what else is looked at. */
public enum GpuCheck implements CheckId {
    FORMAT(
            "gpu.format",
            "The request asked for all measurements with a signature, and what the report says does not contradict itself.",
            "DMTF DSP0274, version 1.1",
            "GET_MEASUREMENTS request, MEASUREMENTS response"),
    REPORT_SIGNATURE(
            "gpu.report-signature",
            "The key of the leaf certificate signed request and response.",
            "DMTF DSP0274, version 1.1",
            "MEASUREMENTS response, signature"),
    CERTIFICATE_CHAIN(
            "gpu.certificate-chain",
            "Five certificates lead from the device to the pinned root, are valid now, and are of the device that reports.",
            "NVIDIA Attestation Suite",
            "Device certificate chain; RFC 5280, section 6.1"),
    FWID(
            "gpu.fwid",
            "The firmware that the leaf certificate was issued to is the firmware that reports.",
            "TCG DICE Attestation Architecture 1.1",
            "section 6.1, TcbInfo; composite device id"),
    REVOCATION(
            "gpu.revocation",
            "Current answers say that no certificate of the device's chain, or of a RIM that counts, is revoked.",
            "RFC 6960",
            "section 3.2; RFC 5280, section 6.3"),
    BINDING(
            "gpu.binding",
            "The device answered exactly the nonce that this request asks for.",
            "Countersign design",
            "section 6, binding"),
    DRIVER_RIM(
            "gpu.driver-rim",
            "NVIDIA signed golden values for exactly this driver, and they are valid now.",
            "TCG Reference Integrity Manifest Information Model 1.01",
            "section 5; W3C XML Signature 1.1"),
    VBIOS_RIM(
            "gpu.vbios-rim",
            "NVIDIA signed golden values for exactly this version of the VBIOS (of a switch: BIOS), and they are valid now.",
            "TCG Reference Integrity Manifest Information Model 1.01",
            "section 5; W3C XML Signature 1.1"),
    MEASUREMENTS(
            "gpu.measurements",
            "Every golden value is what the device measured.",
            "NVIDIA Attestation Suite",
            "Measurement comparison");

    /** Switches have no driver. */
    static final List<GpuCheck> OF_SWITCHES =
            List.of(FORMAT, REPORT_SIGNATURE, CERTIFICATE_CHAIN, FWID, REVOCATION, BINDING, VBIOS_RIM, MEASUREMENTS);

    private final String code;
    private final String summary;
    private final String document;
    private final String section;

    GpuCheck(String code, String summary, String document, String section) {
        this.code = code;
        this.summary = summary;
        this.document = document;
        this.section = section;
    }

    @Override
    public Kind kind() {
        return switch (this) {
            case FORMAT, REPORT_SIGNATURE, CERTIFICATE_CHAIN, FWID, REVOCATION, BINDING -> Kind.AUTHENTICITY;
            case DRIVER_RIM, VBIOS_RIM, MEASUREMENTS -> Kind.APPRAISAL;
        };
    }

    /** All of them look at firmware. */
    @Override
    public Optional<Concern> concern() {
        return switch (kind()) {
            case AUTHENTICITY -> Optional.empty();
            case APPRAISAL -> Optional.of(Concern.HARDWARE);
        };
    }

    @Override
    public boolean waivableWhenUndetermined() {
        return this == FWID || this == REVOCATION;
    }

    @Override
    public String code() {
        return code;
    }

    @Override
    public String summary() {
        return summary;
    }

    @Override
    public SpecRef spec() {
        return new SpecRef(document, section);
    }
}
