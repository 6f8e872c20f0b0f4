package io.countersign.testkit;

import io.countersign.insecure.NvidiaArchitecture;
import io.countersign.insecure.NvidiaChip;
import io.countersign.insecure.NvidiaReport;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.insecure.SoftwareRim;
import io.countersign.insecure.SoftwareSwitch;
import io.countersign.verifier.bytes.Bytes;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * One GPU or switch of a case, its report and certificates included.
 *
 * @param draft the report about a nonce, before it is changed and signed
 * @param published the RIMs that NVIDIA has for it
 */
record NvidiaDevice(
        String label,
        String type,
        NvidiaChip chip,
        Function<Bytes, NvidiaReport> draft,
        Function<SoftwareNvidia, List<SoftwareRim>> published,
        UnaryOperator<NvidiaReport> change,
        UnaryOperator<Bytes> recut,
        String certificates) {
    static NvidiaDevice of(String label, SoftwareGpu gpu) {
        return new NvidiaDevice(
                label,
                "nvidia-gpu",
                gpu.chip(),
                gpu::draft,
                nvidia -> List.of(SoftwareRim.driver(nvidia, gpu.board()), SoftwareRim.vbios(nvidia, gpu.board())),
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                gpu.chip().chainPem());
    }

    static NvidiaDevice of(String label, SoftwareSwitch device) {
        return new NvidiaDevice(
                label,
                "nvidia-nvswitch",
                device.chip(),
                device::draft,
                nvidia -> List.of(SoftwareRim.switchBios(nvidia, device)),
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                device.chip().chainPem());
    }

    NvidiaDevice report(UnaryOperator<NvidiaReport> how) {
        return new NvidiaDevice(label, type, chip, draft, published, how, recut, certificates);
    }

    NvidiaDevice recut(UnaryOperator<Bytes> how) {
        return new NvidiaDevice(label, type, chip, draft, published, change, how, certificates);
    }

    NvidiaDevice chain(String pem) {
        return new NvidiaDevice(label, type, chip, draft, published, change, recut, pem);
    }

    NvidiaDevice labelled(String other) {
        return new NvidiaDevice(other, type, chip, draft, published, change, recut, certificates);
    }

    /** Under the label and the type of another kind of device. */
    NvidiaDevice sentAs(String otherLabel, String otherType) {
        return new NvidiaDevice(otherLabel, otherType, chip, draft, published, change, recut, certificates);
    }

    /** What NVIDIA's tools say beside the evidence. */
    String arch() {
        return type.equals("nvidia-nvswitch") || chip.architecture() != NvidiaArchitecture.LS10
                ? chip.architecture().name()
                : NvidiaArchitecture.HOPPER.name();
    }

    Bytes answer(Bytes nonce) {
        return recut.apply(change.apply(draft.apply(nonce)).signed());
    }

    List<SoftwareRim> rims(SoftwareNvidia nvidia) {
        return published.apply(nvidia);
    }
}
