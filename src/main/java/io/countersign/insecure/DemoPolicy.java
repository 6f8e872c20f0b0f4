package io.countersign.insecure;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** The demo's policies: one for machines without GPUs, one for those with eight, and what each of them runs pinned. */
final class DemoPolicy {
    static final String CPUS = "demo";
    static final String GPUS = "demo-gpus";

    private DemoPolicy() {}

    /** The text of each by its id; the first is the one that counts where a request names none. */
    static SequencedMap<String, String> pinning(DemoAttester amd, DemoTd td) {
        var policies = new LinkedHashMap<String, String>();
        policies.put(CPUS, cpus(amd, td));
        policies.put(GPUS, gpus(amd));
        return policies;
    }

    private static String cpus(DemoAttester amd, DemoTd td) {
        return """
                policy: demo
                version: "1"
                summary: The demo's images, pinned.
                extends: [baseline]
                references:
                  approved_images:
                    claim: snp.measurement
                    note: the image that the demo's AMD machine pretends to run
                    values: ["%s"]
                  firmware:
                    claim: tdx.mr_td
                    note: what the demo's TD pretends to run
                    values: ["%s"]
                  boot_images:
                    claim: tdx.rtmr1
                    note: what that firmware boots
                    values: ["%s"]
                  kernels:
                    claim: tdx.rtmr2
                    note: command line and initrd
                    values: ["%s"]
                rules:
                  - name: image is approved
                    for: sev-snp
                    require: cpu.snp.measurement in references.approved_images
                    sets: executables
                    because: Only the approved image may hold the key.
                    hint: Add the image's measurement to approved_images, or boot the approved image.
                  - name: TD boots what is approved
                    for: tdx
                    require: >-
                      cpu.tdx.mr_td in references.firmware &&
                      cpu.tdx.rtmr1 in references.boot_images &&
                      cpu.tdx.rtmr2 in references.kernels
                    sets: executables
                    because: Only the approved firmware, kernel and command line may hold the key.
                    hint: Add the new measurements to the reference values, or boot what is approved.
                """.formatted(amd.measurement(), td.mrTd(), td.rtmr1(), td.rtmr2());
    }

    /** The shipped policy for GPUs, made strict about how many there are, and about who may have a token. */
    private static String gpus(DemoAttester amd) {
        return """
                policy: demo-gpus
                version: "1"
                summary: The demo's image on a machine with eight H100 GPUs.
                extends: [confidential-gpu]
                expect:
                  cpu: { types: [sev-snp] }
                  gpu: { count: 8 }
                references:
                  approved_images:
                    claim: snp.measurement
                    note: the image that the demo's AMD machine pretends to run
                    values: ["%s"]
                rules:
                  - name: image is approved
                    for: sev-snp
                    require: cpu.snp.measurement in references.approved_images
                    sets: executables
                    because: Only the approved image may hold the key and vouch for its GPUs.
                    hint: Add the image's measurement to approved_images, or boot the approved image.
                """.formatted(amd.measurement());
    }
}
