package io.countersign.insecure;

/** The demo's policy: one for both machines, with what each of them runs pinned. */
final class DemoPolicy {
    private DemoPolicy() {}

    static String pinning(DemoAttester amd, DemoTd td) {
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
}
