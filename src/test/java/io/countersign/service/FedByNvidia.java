package io.countersign.service;

import java.nio.file.Path;
import java.util.Map;

/** The laboratory online, with NVIDIA's services at hand, and an audience for machines with GPUs that pins what runs. */
public class FedByNvidia extends Laboratory {
    static final String KEY_SERVICE = "https://gpu-kms.example";
    static final String API_KEY = "nvapi-of-the-laboratory";
    static final LaboratoryNvidia NVIDIA = new LaboratoryNvidia();

    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = super.getConfigOverrides();
        settings.put("countersign.collateral.offline", "false");
        settings.put("countersign.collateral.amd-kds-url", "http://127.0.0.1:" + Temporary.freePort());
        settings.put("countersign.collateral.intel-pcs-url", "http://127.0.0.1:" + Temporary.freePort());
        settings.put("countersign.collateral.nvidia-rim-url", NVIDIA.rims.url().toString());
        settings.put("countersign.collateral.nvidia-ocsp-url", NVIDIA.ocsp.url().toString());
        settings.put("countersign.collateral.nvidia-api-key", API_KEY);
        settings.put("countersign.collateral.wait-at-most", "3s");
        settings.put("countersign.audiences.gpu.uri", KEY_SERVICE);
        settings.put("countersign.audiences.gpu.policies", "gpus");
        Temporary.file(Path.of(settings.get("countersign.policies-dir")), "gpus.yaml", policy());
        return settings;
    }

    /** What an owner of such machines would write. */
    static String policy() {
        return """
                policy: gpus
                version: "1"
                summary: The laboratory's image, with GPUs.
                extends: [confidential-gpu]
                references:
                  approved_images:
                    claim: launch_measurement
                    note: the image that the software attester pretends to run
                    values: ["%s"]
                rules:
                  - name: image is approved
                    for: cpu
                    require: cpu.launch_measurement in references.approved_images
                    sets: executables
                    because: Only the approved image may hold the key.
                """.formatted(Machine.AMD.measurement());
    }
}
