package io.countersign.testkit;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Policies of a GPU's owner, as drafts: a draft draws nothing in, so that each says all it wants. */
final class NvidiaDrafts {
    private NvidiaDrafts() {}

    /** Wants one of these models. */
    static String admitting(String... models) {
        return text("", models);
    }

    /** Wants an H100, and tolerates this: members of {@code tolerate}, indented by two. */
    static String tolerating(String tolerances) {
        return text("tolerate:\n" + tolerances, "H100");
    }

    private static String text(String tolerate, String... models) {
        String admitted = Arrays.stream(models).map("\"%s\""::formatted).collect(Collectors.joining(", "));
        return """
                policy: gpus-of-ours
                version: "1"
                summary: One SEV-SNP guest and its GPUs.
                expect:
                  cpu: { types: [sev-snp] }
                  gpu: { count: { min: 1, max: 8 } }
                  nvswitch: { count: { min: 0, max: 4 } }
                accept: { bindings: [countersign-v1], freshness: [caller] }
                %srules:
                  - name: guest cannot be debugged
                    for: cpu
                    require: '!cpu.debug'
                    sets: configuration
                    because: A debugger reads the guest's memory.
                  - name: GPU is of an admitted model
                    for: gpu
                    require: gpu.model in [%s] && gpu.cc_mode == "on" && gpu.devtools_index == "matched"
                    sets: hardware
                    because: These are the GPUs that we have.
                """.formatted(tolerate, admitted);
    }
}
