package io.countersign.verifier.policy;

import io.countersign.verifier.check.Check;
import io.countersign.verifier.check.CheckReport;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.result.CompositeCheck;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.scheme.DeviceClass;
import io.countersign.verifier.scheme.Submodule;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What holds between the devices of one request. */
final class CompositeJudgement {
    /** Claims that two devices never share. */
    private static final List<String> IDENTITIES = List.of("pdi", "leaf_serial");

    private static final String BINDING_SUFFIX = ".binding";

    private final List<Submodule> devices;
    private final List<Submodule> beside;
    private final Map<String, Authentication> byLabel;
    private final Binding binding;

    private CompositeJudgement(CompositeEvidence evidence, Map<String, Authentication> byLabel, Binding binding) {
        this.devices = evidence.submodules();
        this.beside = devices.stream()
                .filter(device -> device.scheme().deviceClass() != DeviceClass.CPU)
                .toList();
        this.byLabel = byLabel;
        this.binding = binding;
    }

    static CheckReport of(
            AppraisalPolicy policy, CompositeEvidence evidence, Map<String, Authentication> byLabel, Binding binding) {
        var judgement = new CompositeJudgement(evidence, byLabel, binding);
        var outcomes = new EnumMap<CompositeCheck, Outcome>(CompositeCheck.class);
        outcomes.put(CompositeCheck.DEVICES_DISTINCT, judgement.devicesDistinct());
        outcomes.put(CompositeCheck.NONCES_AGREE, judgement.noncesAgree());
        outcomes.put(CompositeCheck.BINDING, judgement.binding(policy));
        outcomes.put(
                CompositeCheck.TOPOLOGY,
                Topology.judge(judgement.inTopology(DeviceClass.GPU), judgement.inTopology(DeviceClass.NVSWITCH)));
        return CheckReport.covering(CompositeCheck.class, outcomes);
    }

    private Outcome devicesDistinct() {
        if (devices.size() == 1) {
            return new Outcome.Passed("There is one device.");
        }
        var seen = new HashMap<Object, String>();
        boolean allKnown = true;
        for (Submodule device : devices) {
            Optional<String> twin =
                    Optional.ofNullable(seen.putIfAbsent(device.evidence().committedBytes(), device.label()));
            Optional<Claims> claims = claims(device);
            allKnown &= device.scheme().deviceClass() == DeviceClass.CPU
                    || claims.flatMap(all -> all.find("pdi")).isPresent();
            for (String identity : IDENTITIES) {
                Optional<Object> value = claims.flatMap(all -> all.find(identity));
                if (twin.isEmpty() && value.isPresent()) {
                    twin = Optional.ofNullable(seen.putIfAbsent(identity + "=" + value.get(), device.label()));
                }
            }
            if (twin.isPresent()) {
                return new Outcome.Failed(
                        "each device once",
                        device.label() + " is the same device as " + twin.get(),
                        "Collect evidence from every device, each under its own label.");
            }
        }
        return allKnown
                ? new Outcome.Passed("No two devices share an identity or a report.")
                : new Outcome.Undetermined(
                        "the identity of every device",
                        Outcome.Cause.NOT_ASKED,
                        "Correct the evidence of the rejected devices first.");
    }

    private Outcome noncesAgree() {
        if (beside.isEmpty()) {
            return new Outcome.Passed("No device answers a nonce beside the CPU, whose own binding check judges it.");
        }
        if (binding.method() != BindingMethod.NONE) {
            return bindingChecks(beside, "Every device answered the nonce that the binding asks for.");
        }
        var nonces = beside.stream()
                .map(device -> claims(device).flatMap(claims -> claims.find("nonce")))
                .toList();
        if (nonces.stream().anyMatch(Optional::isEmpty)) {
            return new Outcome.Undetermined(
                    "the nonce of every device",
                    Outcome.Cause.NOT_ASKED,
                    "Correct the evidence of the rejected devices first.");
        }
        return nonces.stream().distinct().count() == 1
                ? new Outcome.Passed("All devices answered one nonce; the request does not say which it should be.")
                : new Outcome.Failed(
                        "one nonce for all devices",
                        nonces.stream().distinct().count() + " different nonces",
                        "Collect the evidence of all devices in one go, with one nonce.");
    }

    private Outcome binding(AppraisalPolicy policy) {
        return switch (binding.method()) {
            case COUNTERSIGN_V1 ->
                bindingChecks(
                        devices, "The CPU report commits to the nonce, the key and exactly these devices' answers.");
            case NONCE ->
                policy.bindings().contains(BindingMethod.NONCE)
                        ? new Outcome.Waived(
                                policy.identity().id(),
                                "The policy accepts the binding nonce, which shows freshness and ties no devices or keys "
                                        + "together.")
                        : unbound("the binding nonce shows freshness only");
            case NONE -> unbound("the request asks for no binding");
        };
    }

    private static Outcome unbound(String why) {
        return new Outcome.Undetermined(
                "a commitment of the CPU report to the nonce, the key and the devices: " + why,
                Outcome.Cause.NOT_ASKED,
                "Use the binding countersign-v1.");
    }

    /** Passed when every device's own binding check has; otherwise what stands in the way. */
    private Outcome bindingChecks(List<Submodule> judged, String because) {
        var checks = judged.stream().map(this::bindingCheck).toList();
        String failed = judged.stream()
                .filter(device -> bindingCheck(device).outcome() instanceof Outcome.Failed)
                .map(Submodule::label)
                .collect(Collectors.joining(", "));
        if (!failed.isEmpty()) {
            return new Outcome.Failed(
                    "every device commits to what this request asks for",
                    failed + " commits to something else",
                    "Make the evidence with this nonce, this key and these devices, the CPU report last.");
        }
        return checks.stream()
                .filter(check -> !(check.outcome() instanceof Outcome.Passed))
                .findFirst()
                .<Outcome>map(open -> new Outcome.NotReached(open.id()))
                .orElseGet(() -> new Outcome.Passed(because));
    }

    private Check bindingCheck(Submodule device) {
        return authentication(device).report().checks().stream()
                .filter(check -> check.id().code().endsWith(BINDING_SUFFIX))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(device.scheme().id() + " declares no binding check"));
    }

    private List<Topology.Device> inTopology(DeviceClass deviceClass) {
        return devices.stream()
                .filter(device -> device.scheme().deviceClass() == deviceClass)
                .map(device -> new Topology.Device(device.label(), claims(device)))
                .toList();
    }

    private Optional<Claims> claims(Submodule device) {
        return authentication(device).claims();
    }

    private Authentication authentication(Submodule device) {
        return Optional.ofNullable(byLabel.get(device.label()))
                .orElseThrow(() -> new IllegalStateException(device.label() + " was not authenticated"));
    }
}
