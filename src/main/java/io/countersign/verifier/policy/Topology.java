package io.countersign.verifier.policy;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Claims;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether the GPUs and switches of a request name each other, and nobody else. Read from authenticated claims alone: a
 * report names the devices behind its links by their PDI, and each device's own PDI stands in its certificate.
 *
 * <p>Considered and left out: that there are 8 GPUs and 4 switches. Naming that is closed both ways demands as many as the
 * devices themselves name.
 */
final class Topology {
    private static final String EXPECTED =
            "every GPU names exactly the switches of this request, every switch exactly its GPUs, and all GPUs run in one mode";
    private static final String HINT =
            "Send evidence of every GPU and switch that this guest has, and of no other, collected"
                    + " in one go and each under its own label.";
    /** More would not help anybody: one missing device is told by every other. */
    private static final int TOLD = 3;

    private static final String PPCIE = "PPCIE";
    /** In confidential-computing mode, while the driver does not sign whether for one GPU (SPT) or for several (MPT). */
    private static final String ON = "CC";

    /** A GPU or switch; without claims when its evidence was rejected. */
    record Device(String label, Optional<Claims> claims) {
        Optional<String> pdi() {
            return text("pdi");
        }

        Optional<String> text(String path) {
            return claims.flatMap(all -> all.find(path)).map(String.class::cast);
        }

        /** The PDIs that it names under that claim; empty when its report names none. */
        Set<String> names(String path) {
            return claims.flatMap(all -> all.find(path))
                    .map(value -> ((List<?>) value).stream().map(String::valueOf))
                    .orElseGet(Stream::empty)
                    .collect(Collectors.toCollection(LinkedHashSet::new));
        }

        boolean isUnknown() {
            return pdi().isEmpty();
        }

        /**
         * PPCIE when anything says so, otherwise SPT or MPT where the report signs it, otherwise that it is not PPCIE; empty
         * when nothing is known.
         */
        Optional<String> mode() {
            Optional<String> concluded = text("cc_mode");
            Optional<Object> pcie = claims.flatMap(all -> all.find("protected_pcie"));
            if (concluded.equals(Optional.of("ppcie")) || pcie.equals(Optional.of(true))) {
                return Optional.of(PPCIE);
            }
            return text("feature_flag")
                    .or(() -> concluded.isPresent() || pcie.isPresent() ? Optional.of(ON) : Optional.empty());
        }
    }

    private final List<Device> gpus;
    private final List<Device> switches;

    private Topology(List<Device> gpus, List<Device> switches) {
        this.gpus = gpus;
        this.switches = switches;
    }

    static Outcome judge(List<Device> gpus, List<Device> switches) {
        return new Topology(gpus, switches).judge();
    }

    private Outcome judge() {
        if (gpus.isEmpty() && switches.isEmpty()) {
            return new Outcome.Passed("There are no GPUs or switches.");
        }
        var unknown = Stream.concat(gpus.stream(), switches.stream())
                .filter(Device::isUnknown)
                .map(Device::label)
                .toList();
        if (!unknown.isEmpty()) {
            return new Outcome.Undetermined(
                    "the identity and the claims of " + told(unknown),
                    Outcome.Cause.NOT_ASKED,
                    "Correct the evidence of the rejected devices first.");
        }
        var wrong = new ArrayList<>(mixedModes());
        if (isJoined()) {
            wrong.addAll(modesWithoutSwitches());
            wrong.addAll(unnamed(gpus, "switch_pdis", switches, "switch"));
            wrong.addAll(unnamed(switches, "gpu_pdis", gpus, "GPU"));
        }
        if (!wrong.isEmpty()) {
            return new Outcome.Failed(EXPECTED, told(wrong), HINT);
        }
        return openModes().orElseGet(() -> new Outcome.Passed(passedBecause()));
    }

    /** Some device says that GPUs are joined through switches. */
    private boolean isJoined() {
        return !switches.isEmpty()
                || gpus.stream()
                        .anyMatch(gpu -> !gpu.names("switch_pdis").isEmpty()
                                || gpu.mode().equals(Optional.of(PPCIE)));
    }

    private List<String> mixedModes() {
        Map<String, List<String>> byMode = byMode();
        boolean mixed =
                byMode.size() > 1 && (byMode.containsKey(PPCIE) || !byMode.containsKey(ON)) || byMode.size() > 2;
        return mixed
                ? List.of(byMode.entrySet().stream()
                                .map(entry -> entry.getValue().getFirst() + " runs in " + entry.getKey())
                                .collect(Collectors.joining(", "))
                        + ": modes are mixed")
                : List.of();
    }

    /** Labels by mode, without GPUs whose mode nothing says. */
    private Map<String, List<String>> byMode() {
        var byMode = new LinkedHashMap<String, List<String>>();
        gpus.forEach(gpu -> gpu.mode().ifPresent(mode -> byMode.computeIfAbsent(mode, _ -> new ArrayList<>())
                .add(gpu.label())));
        return byMode;
    }

    private List<String> modesWithoutSwitches() {
        var wrong = new ArrayList<String>();
        gpus.stream()
                .filter(gpu -> gpu.mode().equals(Optional.of(PPCIE))
                        && gpu.names("switch_pdis").isEmpty())
                .forEach(gpu -> wrong.add(gpu.label() + " runs in PPCIE mode and names no switch"));
        boolean mayBeJoined =
                gpus.stream().anyMatch(gpu -> gpu.mode().orElse(PPCIE).equals(PPCIE));
        if (!switches.isEmpty() && !mayBeJoined) {
            wrong.add(switches.getFirst().label() + " is in the request and no GPU runs in PPCIE mode");
        }
        return wrong;
    }

    /** What each of the devices gets wrong about those on the other side of its links. */
    private static List<String> unnamed(List<Device> devices, String claim, List<Device> others, String kind) {
        var labels = new LinkedHashMap<String, String>();
        others.forEach(other -> labels.put(other.pdi().orElseThrow(), other.label()));
        var wrong = new ArrayList<String>();
        for (Device device : devices) {
            Set<String> names = device.names(claim);
            var absent = names.stream().filter(pdi -> !labels.containsKey(pdi)).toList();
            var overlooked = labels.entrySet().stream()
                    .filter(other -> !names.contains(other.getKey()))
                    .map(Map.Entry::getValue)
                    .toList();
            if (!absent.isEmpty()) {
                wrong.add("%s names %d %s, and %d of them %s not in this request (PDI %s)"
                        .formatted(
                                device.label(),
                                names.size(),
                                names.size() == 1 ? kind : plural(kind),
                                absent.size(),
                                absent.size() == 1 ? "is" : "are",
                                told(absent)));
            }
            if (!overlooked.isEmpty()) {
                wrong.add(device.label() + " does not name " + told(overlooked));
            }
        }
        return wrong;
    }

    private static String plural(String kind) {
        return kind.equals("switch") ? "switches" : kind + "s";
    }

    /** GPUs without a mode, or in modes that may differ: nothing is wrong as far as is known. */
    private Optional<Outcome> openModes() {
        var open = gpus.stream()
                .filter(gpu -> gpu.mode().isEmpty() && gpu.names("switch_pdis").isEmpty())
                .map(Device::label)
                .toList();
        if (!open.isEmpty()) {
            return Optional.of(new Outcome.Undetermined(
                    "the mode of " + told(open),
                    Outcome.Cause.NOT_ASKED,
                    "The report does not say whether this GPU works together with others: run a driver whose reports say it"
                            + " (from 550 on)."));
        }
        return byMode().size() > 1
                ? Optional.of(new Outcome.Undetermined(
                        "one mode of all GPUs: some reports say SPT or MPT, and others only that CC is on",
                        Outcome.Cause.NOT_ASKED,
                        "One guest runs one driver: collect the evidence of all GPUs in one go."))
                : Optional.empty();
    }

    private String passedBecause() {
        if (isJoined()) {
            return "%d GPUs and %d switches name each other, and nobody else.".formatted(gpus.size(), switches.size());
        }
        return gpus.size() == 1
                ? "There is one GPU, in a mode that joins it to no other; the binding ties it to the CPU."
                : "Nothing in this mode lets GPUs name each other: the binding alone ties them together.";
    }

    private static String told(List<String> all) {
        String first =
                all.stream().limit(TOLD).collect(Collectors.joining(all.size() > 1 && isSentence(all) ? "; " : ", "));
        return all.size() > TOLD ? first + " and " + (all.size() - TOLD) + " more" : first;
    }

    private static boolean isSentence(List<String> all) {
        return all.getFirst().indexOf(' ') > 0;
    }
}
