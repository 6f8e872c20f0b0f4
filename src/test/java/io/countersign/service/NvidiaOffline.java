package io.countersign.service;

import io.countersign.insecure.NvidiaBoard;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareNvidia;
import java.nio.file.Path;
import java.util.Map;

/** The laboratory offline, whose operator put in place what one GPU needs. */
public class NvidiaOffline extends Laboratory {
    static final SoftwareNvidia NVIDIA = LaboratoryNvidia.ofNow();
    static final SoftwareGpu PROVIDED = NVIDIA.h100("provided for");

    /** Shares RIMs and authorities with the other, and has nobody's word on its own certificate. */
    static final SoftwareGpu UNKNOWN = NVIDIA.h100("unknown");

    /** Of another driver. */
    static final SoftwareGpu WITHOUT_RIM = PROVIDED.with(NvidiaBoard.H100.withDriver("580.82.08"));

    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = super.getConfigOverrides();
        settings.put("countersign.audiences.gpu.uri", FedByNvidia.KEY_SERVICE);
        settings.put("countersign.audiences.gpu.policies", "gpus");
        Temporary.file(Path.of(settings.get("countersign.policies-dir")), "gpus.yaml", FedByNvidia.policy());
        GpuFolder.fill(Path.of(settings.get("countersign.data-dir")), NVIDIA, PROVIDED);
        return settings;
    }
}
