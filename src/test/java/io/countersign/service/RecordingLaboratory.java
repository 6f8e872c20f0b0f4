package io.countersign.service;

import io.countersign.service.collateral.FakeVendor;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.snp.VekKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** The laboratory online, with the services of all three vendors at hand, recording everything. */
public class RecordingLaboratory extends FedByPcs {
    static final String GPU_SERVICE = "https://gpu-kms.example";
    static final LaboratoryNvidia NVIDIA = new LaboratoryNvidia();
    private static final FakeVendor KDS = kds();

    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = super.getConfigOverrides();
        settings.put("countersign.collateral.amd-kds-url", KDS.url().toString());
        settings.put("countersign.collateral.nvidia-rim-url", NVIDIA.rims.url().toString());
        settings.put("countersign.collateral.nvidia-ocsp-url", NVIDIA.ocsp.url().toString());
        settings.put("countersign.collateral.wait-at-most", "30s");
        settings.put("countersign.audiences.gpu.uri", GPU_SERVICE);
        settings.put("countersign.audiences.gpu.policies", "gpus");
        Temporary.file(Path.of(settings.get("countersign.policies-dir")), "gpus.yaml", FedByNvidia.policy());
        settings.put(
                "countersign.recording.dir",
                Temporary.folder("recordings").resolve("cases").toString());
        settings.put("countersign.recording.what", "all");
        settings.put("countersign.recording.max-cases", "100");
        return settings;
    }

    /** Knows the one chip of {@link Machine}. */
    private static FakeVendor kds() {
        var server = new FakeVendor();
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Bytes list = Machine.AMD
                .crlDraft(VekKind.VCEK)
                .thisUpdate(now.minus(Duration.ofHours(1)))
                .nextUpdate(now.plus(Duration.ofDays(7)))
                .der();
        server.repliesOtherwise(new FakeVendor.Reply.Made(asked ->
                new FakeVendor.Reply.Plain(200, Map.of(), asked.path().contains("/crl") ? list : Machine.AMD.vcek())));
        return server;
    }
}
