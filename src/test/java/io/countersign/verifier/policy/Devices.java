package io.countersign.verifier.policy;

import static io.countersign.verifier.policy.Bench.hex;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.ClaimCatalogue;
import io.countersign.verifier.claim.ClaimDefinition;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.policy.Bench.FakeCheck;
import io.countersign.verifier.policy.Bench.Machine;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.scheme.DeviceClass;
import io.countersign.verifier.scheme.Submodule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Hand-made GPUs and switches: what they say, and whole machines of them beside a Milan CPU. */
final class Devices {
    private static final ClaimType TEXT = new ClaimType.Text();
    private static final ClaimType FLAG = new ClaimType.Flag();
    private static final ClaimType NUMBER = new ClaimType.UnsignedInteger();

    static final ClaimCatalogue GPU = catalogue(Map.ofEntries(
            Map.entry("arch", TEXT),
            Map.entry("hwmodel", TEXT),
            Map.entry("pdi", new ClaimType.Hex(8)),
            Map.entry("leaf_serial", TEXT),
            Map.entry("driver_version", TEXT),
            Map.entry("nonce", new ClaimType.Hex(32)),
            Map.entry("board", TEXT),
            Map.entry("model", TEXT),
            Map.entry("cc_mode", TEXT),
            Map.entry("cc_mode_strength", TEXT),
            Map.entry("cc_mode_sources", new ClaimType.TextList()),
            Map.entry("devtools_index", TEXT),
            Map.entry("feature_flag", TEXT),
            Map.entry("protected_pcie", FLAG),
            Map.entry("cpr.raw", new ClaimType.Hex(4)),
            Map.entry("cpr.value", NUMBER),
            Map.entry("cpr.on_board", TEXT),
            Map.entry("measurements_match", FLAG),
            Map.entry("mismatched_indexes", new ClaimType.UnsignedIntegerList()),
            Map.entry("switch_pdis", new ClaimType.TextList())));
    static final ClaimCatalogue NVSWITCH = catalogue(Map.of(
            "arch", TEXT,
            "hwmodel", TEXT,
            "pdi", new ClaimType.Hex(8),
            "leaf_serial", TEXT,
            "nonce", new ClaimType.Hex(32),
            "position_id", NUMBER,
            "locked", FLAG,
            "gpu_pdis", new ClaimType.TextList(),
            "measurements_match", FLAG,
            "mismatched_indexes", new ClaimType.UnsignedIntegerList()));

    private Devices() {}

    private static ClaimCatalogue catalogue(Map<String, ClaimType> types) {
        return new ClaimCatalogue(types.entrySet().stream()
                .map(entry -> new ClaimDefinition(entry.getKey(), entry.getValue(), "A claim."))
                .toList());
    }

    static String gpuPdi(int number) {
        return "aa0000000000000" + number;
    }

    static String switchPdi(int number) {
        return "bb0000000000000" + number;
    }

    /** An H100 in CC mode whose driver signs that it is alone. */
    static Machine h100(int number) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("arch", "HOPPER");
        claims.put("hwmodel", "GH100 A01 GSP BROM");
        claims.put("pdi", hex(gpuPdi(number)));
        claims.put("leaf_serial", "leaf of gpu" + number);
        claims.put("driver_version", "580.82.07");
        claims.put("nonce", hex("0c".repeat(32)));
        claims.put("board", "1010/0200/882");
        claims.put("model", "H100");
        claims.put("cc_mode", "on");
        claims.put("cc_mode_strength", "signed");
        claims.put("cc_mode_sources", List.of("feature flag"));
        claims.put("devtools_index", "matched");
        claims.put("feature_flag", "SPT");
        claims.put("protected_pcie", false);
        claims.put("cpr.raw", hex("00c00100"));
        claims.put("cpr.value", 0x1C000L);
        claims.put("cpr.on_board", "1010/0200/882:00c00100");
        claims.put("measurements_match", true);
        claims.put("mismatched_indexes", List.of());
        return new Machine("H100", "nvidia-gpu", GPU, claims);
    }

    /** An H100 of a machine in protected-PCIe mode. */
    static Machine ppcie(int number, int switches) {
        return h100(number)
                .with("cc_mode", "ppcie")
                .with("feature_flag", "PPCIE")
                .with("protected_pcie", true)
                .with("board", "G520/0200/885")
                .with("cpr.on_board", "G520/0200/885:00c00100")
                .with(
                        "switch_pdis",
                        IntStream.range(0, switches)
                                .mapToObj(Devices::switchPdi)
                                .toList());
    }

    /** The switch of such a machine. */
    static Machine ls10(int number, int gpus) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("arch", "LS10");
        claims.put("hwmodel", "LS_10 A01 FSP BROM");
        claims.put("pdi", hex(switchPdi(number)));
        claims.put("leaf_serial", "leaf of nvswitch" + number);
        claims.put("nonce", hex("0c".repeat(32)));
        claims.put("position_id", (long) number);
        claims.put("locked", true);
        claims.put(
                "gpu_pdis", IntStream.range(0, gpus).mapToObj(Devices::gpuPdi).toList());
        claims.put("measurements_match", true);
        claims.put("mismatched_indexes", List.of());
        return new Machine("LS10", "nvidia-nvswitch", NVSWITCH, claims);
    }

    static Map<String, Machine> alone(Machine... gpus) {
        var machine = new LinkedHashMap<String, Machine>();
        for (Machine gpu : gpus) {
            machine.put("gpu" + machine.size(), gpu);
        }
        return machine;
    }

    /** A machine in protected-PCIe mode. */
    static Map<String, Machine> joined(int gpus, int switches) {
        var machine = new LinkedHashMap<String, Machine>();
        IntStream.range(0, gpus).forEach(i -> machine.put("gpu" + i, ppcie(i, switches)));
        IntStream.range(0, switches).forEach(i -> machine.put("nvswitch" + i, ls10(i, gpus)));
        return machine;
    }

    static AttestationResult appraise(AppraisalPolicy policy, Map<String, Machine> devices) {
        return appraise(policy, devices, Map.of());
    }

    /** All beside a current Milan CPU, everything genuine but for the outcomes given. */
    static AttestationResult appraise(
            AppraisalPolicy policy, Map<String, Machine> devices, Map<String, Map<FakeCheck, Outcome>> otherwise) {
        var submodules = new ArrayList<Submodule>(List.of(Bench.snpCpu()));
        var byLabel = new LinkedHashMap<String, Authentication>();
        byLabel.put("cpu0", Bench.genuine(Bench.SNP, Bench.milan()));
        devices.forEach((label, device) -> {
            var deviceClass = label.startsWith("gpu") ? DeviceClass.GPU : DeviceClass.NVSWITCH;
            submodules.add(Bench.submodule(label, device.type(), deviceClass, device.catalogue()));
            byLabel.put(
                    label,
                    Bench.concluded(device.catalogue(), device.claims(), otherwise.getOrDefault(label, Map.of())));
        });
        return Appraiser.appraise(policy, new CompositeEvidence(submodules), byLabel, Bench.BOUND, Bench.NOW);
    }
}
