package io.countersign.service;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The policies of the laboratory, by id. */
final class LaboratoryPolicies {
    static final String ANY_REASON = "the laboratory runs whatever it likes";

    private LaboratoryPolicies() {}

    /** All of them; the reference values of {@code expiring} end at that instant. */
    static Map<String, String> all(Instant referencesEnd) {
        var policies = new LinkedHashMap<String, String>();
        policies.put("pinned", pinned("pinned", "", ""));
        policies.put("plain-nonce", pinned("plain-nonce", "accept: { bindings: [nonce] }\n", ""));
        policies.put("expiring", pinned("expiring", "", "    expires: " + referencesEnd + "\n"));
        policies.put("warns", pinned("warns", "mint: [affirming, warning]\n", "") + WARNING_RULE);
        policies.put("any", """
                policy: any
                version: "7"
                summary: Any workload on a sound machine.
                extends: [baseline]
                any-workload: allow-because "%s"
                """.formatted(ANY_REASON));
        policies.put("pins-nothing", """
                policy: pins-nothing
                version: "1"
                summary: The baseline under another name.
                extends: [baseline]
                """);
        policies.put("broken", """
                policy: broken
                version: "1"
                summary: A claim is misspelt.
                extends: [baseline]
                rules:
                  - name: guest cannot be debugged by anybody
                    for: cpu
                    require: '!cpu.debg'
                    sets: configuration
                    because: It is a secret.
                """);
        return policies;
    }

    private static String pinned(String id, String members, String ofReferences) {
        return """
                policy: %s
                version: "3"
                summary: The laboratory's image, pinned.
                extends: [baseline]
                %sreferences:
                  approved_images:
                    claim: launch_measurement
                    note: the image that the software attester pretends to run
                    values: ["%s"]
                %srules:
                  - name: image is approved
                    for: cpu
                    require: cpu.launch_measurement in references.approved_images
                    sets: executables
                    because: Only the approved image may hold the key.
                    hint: Boot the approved image.
                """.formatted(id, members, Machine.AMD.measurement(), ofReferences);
    }

    private static final String WARNING_RULE = """
              - name: SMT is noticed
                for: cpu
                require: cpu.snp.policy.smt
                sets: configuration
                affirms: 32
                because: SMT is allowed, which this owner wants to see.
            """;
}
