package io.countersign.service;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.insecure.Pem;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareSwitch;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.tee.snp.VekKind;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A software SEV-SNP guest with GPUs, and switches where there are some, that answers a challenge. It brings what its CPU
 * needs, and of its devices nothing but reports and chains.
 */
record GpuMachine(List<SoftwareGpu> gpus, List<SoftwareSwitch> switches) {
    static GpuMachine with(SoftwareGpu... gpus) {
        return new GpuMachine(List.of(gpus), List.of());
    }

    /** The body for an attestation, with a challenge of its own. */
    ObjectNode attestation(String audience, String policy) {
        return appraisal(policy, Http.nonce()).put("audience", audience);
    }

    /** The body for an appraisal, with a challenge of its own. */
    ObjectNode appraisal(String policy) {
        return appraisal(policy, Http.nonce());
    }

    private ObjectNode appraisal(String policy, String nonce) {
        var binding = new Binding(
                BindingMethod.COUNTERSIGN_V1,
                Bytes.copyOf(Base64.getUrlDecoder().decode(nonce)),
                Bytes.empty());
        Bytes asked = binding.expectedDeviceNonce().orElseThrow();
        var body = JsonNodeFactory.instance
                .objectNode()
                .put("policy", policy)
                .put("nonce", nonce)
                .put("binding", BindingMethod.COUNTERSIGN_V1.word());
        var devices = new ArrayList<Binding.Device>();
        for (int i = 0; i < gpus.size(); i++) {
            SoftwareGpu gpu = gpus.get(i);
            Bytes report = gpu.report(asked);
            devices.add(new Binding.Device("gpu" + i, report));
            device(body, "gpu" + i, "nvidia-gpu", report, gpu.chip().chainPem());
        }
        for (int i = 0; i < switches.size(); i++) {
            SoftwareSwitch device = switches.get(i);
            Bytes report = device.report(asked);
            devices.add(new Binding.Device("nvswitch" + i, report));
            device(
                    body,
                    "nvswitch" + i,
                    "nvidia-nvswitch",
                    report,
                    device.chip().chainPem());
        }
        Bytes reportData = binding.expectedReportData(devices).orElseThrow();
        body.withObject("/evidence/cpu0")
                .put("type", "sev-snp")
                .put("report", Machine.base64Url(Machine.AMD.report(draft -> draft.reportData(reportData))))
                .put("certificates", Pem.certificate(Machine.AMD.vcek()));
        body.withObject("/endorsements/amd").put("crl", Machine.base64(crl()));
        return body;
    }

    private static void device(ObjectNode body, String label, String type, Bytes report, String chain) {
        body.withObject("/evidence/" + label)
                .put("type", type)
                .put("evidence", Machine.base64(report))
                .put("certificate", Machine.base64(Bytes.utf8(chain)));
    }

    private static Bytes crl() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        return Machine.AMD
                .crlDraft(VekKind.VCEK)
                .thisUpdate(now.minus(Duration.ofHours(1)))
                .nextUpdate(now.plus(Duration.ofDays(7)))
                .der();
    }
}
