package io.countersign.verifier.tee.nvgpu;

import io.countersign.insecure.NvidiaChip;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.insecure.SoftwareOcsp;
import io.countersign.insecure.SoftwareRim;
import io.countersign.insecure.SoftwareSwitch;
import io.countersign.testkit.SoftwareNvidias;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.Endorsements;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Software devices and everything that NVIDIA would say about them. */
final class Lab {
    static final SoftwareNvidia NVIDIA = SoftwareNvidias.trusted();
    static final Instant AT = NVIDIA.asOf();
    static final Bytes NONCE = Bytes.utf8("nonce of a test").sha256();

    private Lab() {}

    static Bytes chain(NvidiaChip chip) {
        return Bytes.utf8(chip.chainPem());
    }

    static Map<String, List<Bytes>> slots(NvidiaChip chip, List<SoftwareRim> rims) {
        var slots = new HashMap<String, List<Bytes>>();
        rims.forEach(rim -> slots.put("nvidia.rims." + rim.id(), List.of(Bytes.utf8(rim.xml()))));
        slots.put("nvidia.ocsp", answers(chip));
        return slots;
    }

    /** About the chip and the signers of its reference values. */
    static List<Bytes> answers(NvidiaChip chip) {
        var answers = new ArrayList<>(NVIDIA.answersAbout(chip));
        answers.addAll(NVIDIA.answersAbout(NVIDIA.rims(chip.architecture())));
        return answers.stream().map(SoftwareOcsp::der).toList();
    }

    static List<SoftwareRim> rims(SoftwareGpu gpu) {
        return List.of(SoftwareRim.driver(NVIDIA, gpu.board()), SoftwareRim.vbios(NVIDIA, gpu.board()));
    }

    static List<SoftwareRim> rims(SoftwareSwitch device) {
        return List.of(SoftwareRim.switchBios(NVIDIA, device));
    }

    static Endorsements endorsements(SoftwareGpu gpu) {
        return Endorsements.brought(slots(gpu.chip(), rims(gpu)));
    }

    static Endorsements endorsements(SoftwareSwitch device) {
        return Endorsements.brought(slots(device.chip(), rims(device)));
    }

    /** Slots, of which some are others. */
    static Endorsements with(Map<String, List<Bytes>> slots, Map<String, List<Bytes>> others) {
        var all = new HashMap<>(slots);
        all.putAll(others);
        return Endorsements.brought(all);
    }

    static List<Bytes> utf8(String... texts) {
        return Stream.of(texts).map(Bytes::utf8).toList();
    }
}
