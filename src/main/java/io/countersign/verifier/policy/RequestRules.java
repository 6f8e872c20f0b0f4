package io.countersign.verifier.policy;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.result.AttestationResult.Workload;
import io.countersign.verifier.result.RuleResult;
import io.countersign.verifier.result.Seen;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.scheme.DeviceClass;
import io.countersign.verifier.scheme.Submodule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    static final String KEY = "key is bound by the evidence";
    /** Every rule that a request is judged by, whatever the policy says. */
    static final List<String> NAMES = List.of(DEVICES, TYPE, PINNED, BINDING, KEY);

    private static final String WHOLE_REQUEST = "";

    private RequestRules() {}

    static List<RuleResult> judge(AppraisalPolicy policy, CompositeEvidence evidence, Binding binding) {
        var rules = new ArrayList<RuleResult>();
        rules.add(result(
                policy,
                DEVICES,
                WHOLE_REQUEST,
                devices(policy, evidence),
                "A missing device was not judged, and an extra one may see what the others see.",
                counts(evidence)));
        rules.add(result(
                policy,
                BINDING,
                WHOLE_REQUEST,
                binding(policy, binding),
                "The binding shows that evidence is fresh, and what belongs together.",
                Map.of("binding", binding.method().word())));
        if (policy.key() == KeyDemand.REQUIRED) {
            rules.add(result(
                    policy,
                    KEY,
                    WHOLE_REQUEST,
                    key(binding),
                    "What is wrapped to the attested key can be used by its holder alone.",
                    Map.of("key", binding.keyThumbprint().length() == 0 ? "none" : "bound")));
        }
        return rules;
    }

    /** Undetermined, not failed: the request says nothing about a key. Whether evidence commits to one is the binding's. */
    private static Outcome key(Binding binding) {
        return binding.keyThumbprint().length() == 0
                ? new Outcome.Undetermined(
                        "a public key in the request, which the evidence commits to",
                        Outcome.Cause.NOT_ASKED,
                        "Send the public key as \"key\", and make the evidence with the binding countersign-v1 over its thumbprint.")
                : new Outcome.Passed("The request brings a key, and the binding covers it.");
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
        return result(
                policy,
                TYPE,
                submodule.label(),
                outcome,
                "What the rules of a policy show holds for the types of evidence that it was written for.",
                Map.of("type", type));
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
                ? Optional.of(result(
                        policy,
                        PINNED,
                        WHOLE_REQUEST,
                        new Outcome.Failed(
                                "a rule that pins what runs, for evidence of every type that is sent",
                                "the policy pins other types, and not " + String.join(", ", types),
                                "Add a rule over the launch measurement of this type and live reference values, or leave the"
                                        + " type out of expect.cpu.types."),
                        "What pins one type of evidence says nothing about another.",
                        Map.of("types", types)))
                : Optional.empty();
    }

    /** A rule that the service brings: where it is met, its reason says more than the general sentence. */
    private static RuleResult result(
            AppraisalPolicy policy,
            String name,
            String submodule,
            Outcome outcome,
            String because,
            Map<String, Object> found) {
        var saw = new LinkedHashMap<String, Seen>();
        found.forEach((what, value) -> saw.put(what, new Seen.Value(Shown.shortened(value))));
        return new RuleResult(
                name,
                submodule,
                outcome,
                outcome instanceof Outcome.Passed(var reason) ? reason : because,
                policy.identity().id(),
                saw);
    }

    private static long count(CompositeEvidence evidence, DeviceClass deviceClass) {
        return evidence.submodules().stream()
                .filter(submodule -> submodule.scheme().deviceClass() == deviceClass)
                .count();
    }

    private static Map<String, Object> counts(CompositeEvidence evidence) {
        var counts = new LinkedHashMap<String, Object>();
        Stream.of(DeviceClass.values())
                .forEach(deviceClass -> counts.put(deviceClass.word() + ".count", count(evidence, deviceClass)));
        return counts;
    }

    private static Outcome devices(AppraisalPolicy policy, CompositeEvidence evidence) {
        ToLongFunction<DeviceClass> found = deviceClass -> count(evidence, deviceClass);
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
                        "Send evidence of all devices there are, or choose a policy that expects these.");
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
