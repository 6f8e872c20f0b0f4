package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Eight H100 GPUs that are none: they answer nonces with reports signed by keys made a moment ago in this process. Their
 * evidence counts only where {@link #anchorsPem()} is trusted.
 */
public final class DemoGpus {
    /** Covers, in part, the mode that is stored in a GPU: NVIDIA/nvtrust, issue 132. */
    private static final int MODE_REGISTER = 9;

    private static final int IN_DEVTOOLS = 3;
    private static final int REPLACED = 5;

    private final SoftwareNvidia nvidia;

    private DemoGpus(SoftwareNvidia nvidia) {
        this.nvidia = nvidia;
    }

    /** What is so about the eight. */
    public enum Setup {
        /** Each in confidential-computing mode. */
        CONFIDENTIAL,
        /** In protected-PCIe mode, joined by four NVSwitches. */
        PROTECTED_PCIE,
        /** The fourth one's host left it in the mode for developer tools. */
        ONE_IN_DEVTOOLS,
        /** After the CPU's report was made, the sixth one's answer was replaced by that of a GPU elsewhere. */
        ONE_REPLACED
    }

    /**
     * One device's part of a request.
     *
     * @param label {@code gpu0}, {@code nvswitch0}
     * @param type of evidence
     * @param certificate base64 of the PEM chain
     */
    public record Device(String label, String type, String arch, Bytes evidence, String certificate) {}

    /**
     * The members of a request that carry evidence.
     *
     * @param devices what reaches the service
     * @param seenByGuest what the CPU's report has to commit to, in binding order
     * @param rims base64, for {@code endorsements.nvidia.rims}
     * @param ocsp base64, for {@code endorsements.nvidia.ocsp}
     */
    public record Members(
            List<Device> devices, List<Binding.Device> seenByGuest, Map<String, String> rims, List<String> ocsp) {
        public Members {
            devices = List.copyOf(devices);
            seenByGuest = List.copyOf(seenByGuest);
            rims = Map.copyOf(rims);
            ocsp = List.copyOf(ocsp);
        }
    }

    /** GPUs whose NVIDIA begins and ends with this process. */
    public static DemoGpus start(SecureRandom random, Instant now) {
        return new DemoGpus(SoftwareNvidia.fresh(random, now.truncatedTo(ChronoUnit.SECONDS)));
    }

    /** The text of the file that {@code countersign.insecure.anchors} names. */
    public String anchorsPem() {
        return nvidia.anchorsPem();
    }

    /** Lets every device answer this nonce of 32 bytes. */
    public Members attest(Bytes nonce, Setup setup) {
        NvidiaMachine machine = machine(setup);
        List<Device> devices = answers(machine, nonce, setup);
        var seenByGuest = devices.stream()
                .map(device -> new Binding.Device(device.label(), device.evidence()))
                .toList();
        if (setup == Setup.ONE_REPLACED) {
            SoftwareGpu elsewhere =
                    NvidiaMachine.passthrough(nvidia, "elsewhere").gpus().getFirst();
            var gpus = new ArrayList<>(machine.gpus());
            gpus.set(REPLACED, elsewhere);
            machine = new NvidiaMachine(gpus, List.of());
            var replaced = new ArrayList<>(devices);
            replaced.set(REPLACED, device(elsewhere, REPLACED, elsewhere.report(nonce)));
            devices = replaced;
        }
        return new Members(devices, seenByGuest, rims(machine), ocsp(machine));
    }

    private NvidiaMachine machine(Setup setup) {
        return switch (setup) {
            case CONFIDENTIAL, ONE_IN_DEVTOOLS, ONE_REPLACED -> NvidiaMachine.passthrough(nvidia, "demo");
            case PROTECTED_PCIE -> NvidiaMachine.protectedPcie(nvidia, "demo");
        };
    }

    private static List<Device> answers(NvidiaMachine machine, Bytes nonce, Setup setup) {
        var devices = new ArrayList<Device>();
        for (int i = 0; i < machine.gpus().size(); i++) {
            SoftwareGpu gpu = machine.gpus().get(i);
            boolean open = setup == Setup.ONE_IN_DEVTOOLS && i == IN_DEVTOOLS;
            devices.add(device(gpu, i, open ? inDevTools(gpu, nonce) : gpu.report(nonce)));
        }
        for (int i = 0; i < machine.switches().size(); i++) {
            SoftwareSwitch each = machine.switches().get(i);
            devices.add(device("nvswitch" + i, "nvidia-nvswitch", each.chip(), each.report(nonce)));
        }
        return devices;
    }

    private static Bytes inDevTools(SoftwareGpu gpu, Bytes nonce) {
        return gpu.report(nonce, report -> report.measured(MODE_REGISTER, NvidiaGolden.measured("DevTools mode")));
    }

    private static Device device(SoftwareGpu gpu, int number, Bytes report) {
        return device("gpu" + number, "nvidia-gpu", gpu.chip(), report);
    }

    private static Device device(String label, String type, NvidiaChip chip, Bytes report) {
        return new Device(label, type, chip.architecture().name(), report, base64(Bytes.utf8(chip.chainPem())));
    }

    private Map<String, String> rims(NvidiaMachine machine) {
        var rims = new LinkedHashMap<String, String>();
        Set<NvidiaBoard> boards =
                machine.gpus().stream().map(SoftwareGpu::board).collect(Collectors.toSet());
        Stream.concat(
                        boards.stream()
                                .flatMap(board ->
                                        Stream.of(SoftwareRim.driver(nvidia, board), SoftwareRim.vbios(nvidia, board))),
                        machine.switches().stream().limit(1).map(each -> SoftwareRim.switchBios(nvidia, each)))
                .forEach(rim -> rims.put(rim.id(), base64(Bytes.utf8(rim.xml()))));
        return rims;
    }

    /** About every certificate that can be revoked, once: chips share the authorities above them. */
    private List<String> ocsp(NvidiaMachine machine) {
        List<NvidiaChip> chips = Stream.concat(
                        machine.gpus().stream().map(SoftwareGpu::chip),
                        machine.switches().stream().map(SoftwareSwitch::chip))
                .toList();
        var answers = new LinkedHashMap<NvidiaCertId, SoftwareOcsp>();
        chips.stream()
                .flatMap(chip -> nvidia.answersAbout(chip).stream())
                .forEach(answer -> answers.putIfAbsent(answer.subject(), answer));
        chips.stream()
                .map(NvidiaChip::architecture)
                .distinct()
                .flatMap(kind -> nvidia.answersAbout(nvidia.rims(kind)).stream())
                .forEach(answer -> answers.putIfAbsent(answer.subject(), answer));
        return answers.values().stream().map(answer -> base64(answer.der())).toList();
    }

    private static String base64(Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
