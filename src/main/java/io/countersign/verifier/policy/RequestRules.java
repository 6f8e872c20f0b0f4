package io.countersign.verifier.policy;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.result.AttestationResult.Workload;
import io.countersign.verifier.result.RuleResult;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.scheme.DeviceClass;
import io.countersign.verifier.scheme.Submodule;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a policy demands of the request itself: which devices, of which types, bound how. */
final class RequestRules {
    static final String DEVICES = "devices are those the policy expects";
    static final String TYPE = "evidence type is one the policy expects";
    static final String PINNED = "workload is pinned for this evidence type";
    static final String BINDING = "binding is one the policy accepts";
    private static final String WHOLE_REQUEST = "";

    private RequestRules() {}

    static List<RuleResult> judge(AppraisalPolicy policy, CompositeEvidence evidence, Binding binding) {
        return List.of(
                new RuleResult(DEVICES, WHOLE_REQUEST, devices(policy, evidence)),
                new RuleResult(BINDING, WHOLE_REQUEST, binding(policy, binding)));
    }

    static RuleResult typeExpected(AppraisalPolicy policy, Submodule submodule) {
        var types = policy.expectations().cpuTypes();
        String type = submodule.scheme().id();
        Outcome outcome = types.contains(type)
                ? new Outcome.Passed("The policy admits " + type + ".")
                : new Outcome.Failed(
                        types.stream().sorted().collect(Collectors.joining(" or ")),
                        type,
                        "Choose a policy that expects this type, or extend this one and state expect.cpu.types.");
        return new RuleResult(TYPE, submodule.label(), outcome);
    }

    static List<String> cpuTypes(CompositeEvidence evidence) {
        return evidence.submodules().stream()
                .filter(submodule -> submodule.scheme().deviceClass() == DeviceClass.CPU)
                .map(submodule -> submodule.scheme().id())
                .distinct()
                .toList();
    }

    /** Said only where the policy pins some type, and so means to let tokens be made, but not the one at hand. */
    static Optional<RuleResult> pinned(AppraisalPolicy policy, CompositeEvidence evidence, Instant at) {
        List<String> types = cpuTypes(evidence);
        boolean overlooked = policy.workload(at) instanceof Workload.Pinned
                && policy.workloadOf(types, at) instanceof Workload.NotPinned;
        return overlooked
                ? Optional.of(new RuleResult(
                        PINNED,
                        WHOLE_REQUEST,
                        new Outcome.Failed(
                                "a rule that pins what runs, for evidence of every type that is sent",
                                "the policy pins other types, and not " + String.join(", ", types),
                                "Add a rule over the launch measurement of this type and live reference values, or leave the"
                                        + " type out of expect.cpu.types.")))
                : Optional.empty();
    }

    private static Outcome devices(AppraisalPolicy policy, CompositeEvidence evidence) {
        ToLongFunction<DeviceClass> found = deviceClass -> evidence.submodules().stream()
                .filter(submodule -> submodule.scheme().deviceClass() == deviceClass)
                .count();
        String expected =
                describe(deviceClass -> policy.expectations().count(deviceClass).words());
        String actual = describe(deviceClass -> String.valueOf(found.applyAsLong(deviceClass)));
        boolean asExpected = Stream.of(DeviceClass.values())
                .allMatch(
                        deviceClass -> policy.expectations().count(deviceClass).admits(found.applyAsLong(deviceClass)));
        return asExpected
                ? new Outcome.Passed("The request holds " + actual + "; the policy expects " + expected + ".")
                : new Outcome.Failed(
                        expected,
                        actual,
                        "A missing device was not judged and an extra one may see what the others see: "
                                + "send evidence of all devices there are, or choose a policy that expects these.");
    }

    private static String describe(Function<DeviceClass, String> count) {
        return Stream.of(DeviceClass.values())
                .map(deviceClass -> count.apply(deviceClass) + " " + deviceClass.word())
                .collect(Collectors.joining(", "));
    }

    /** Undetermined, not failed: nothing is wrong with the evidence, but what the policy wants to know was not asked. */
    private static Outcome binding(AppraisalPolicy policy, Binding binding) {
        if (binding.method() != BindingMethod.NONE && policy.bindings().contains(binding.method())) {
            return new Outcome.Passed("The policy accepts " + binding.method().word() + ".");
        }
        String accepted =
                policy.bindings().stream().map(BindingMethod::word).sorted().collect(Collectors.joining(" or "));
        return new Outcome.Undetermined(
                "evidence bound by " + accepted + "; this request's binding is "
                        + binding.method().word(),
                Outcome.Cause.NOT_ASKED,
                "Ask for a challenge, make fresh evidence that commits to it, and send both.");
    }
}
