package io.countersign.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.insecure.DemoAttester;
import io.countersign.insecure.DemoGpus;
import io.countersign.insecure.DemoTd;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** The machines of a soak: an SEV-SNP guest, a TD, and a guest with eight GPUs, and the policies that believe them. */
final class SoakMaterial {
    static final String AUDIENCE = "https://kms.example";
    static final String CPUS = "soak";
    static final String GPUS = "soak-gpus";

    private final DemoAttester amd;
    private final DemoTd td;
    private final DemoGpus gpus;
    private final AtomicInteger chips = new AtomicInteger();

    SoakMaterial(SecureRandom random) {
        Instant now = Instant.now();
        amd = DemoAttester.start(random, now);
        td = DemoTd.start(random, now);
        gpus = DemoGpus.start(random, now);
    }

    String anchorsPem() {
        return amd.anchorsPem() + td.anchorsPem() + gpus.anchorsPem();
    }

    Map<String, String> policies() {
        var policies = new LinkedHashMap<String, String>();
        policies.put(CPUS, """
                policy: soak
                version: "1"
                summary: What the machines of the soak run, pinned.
                extends: [baseline]
                references:
                  guests:
                    claim: snp.measurement
                    note: the guest
                    values: ["%s"]
                  firmware:
                    claim: tdx.mr_td
                    note: the TD
                    values: ["%s"]
                rules:
                  - name: guest is approved
                    for: sev-snp
                    require: cpu.snp.measurement in references.guests
                    sets: executables
                    because: Only the approved guest may hold the key.
                  - name: TD is approved
                    for: tdx
                    require: cpu.tdx.mr_td in references.firmware
                    sets: executables
                    because: Only the approved TD may hold the key.
                """.formatted(amd.measurement(), td.mrTd()));
        policies.put(GPUS, """
                policy: soak-gpus
                version: "1"
                summary: The guest with eight GPUs, pinned.
                extends: [confidential-gpu]
                expect:
                  cpu: { types: [sev-snp] }
                  gpu: { count: 8 }
                references:
                  guests:
                    claim: snp.measurement
                    note: the guest
                    values: ["%s"]
                rules:
                  - name: guest is approved
                    for: sev-snp
                    require: cpu.snp.measurement in references.guests
                    sets: executables
                    because: Only the approved guest may hold the key.
                """.formatted(amd.measurement()));
        return policies;
    }

    private static Binding binding(String nonce) {
        return new Binding(
                BindingMethod.COUNTERSIGN_V1,
                Bytes.copyOf(Base64.getUrlDecoder().decode(nonce)),
                Bytes.empty());
    }

    private static ObjectNode body(String policy, String nonce) {
        return JsonNodeFactory.instance.objectNode().put("policy", policy).put("nonce", nonce);
    }

    /** As an attestation rather than an appraisal. */
    static ObjectNode attestation(ObjectNode body) {
        return body.put("audience", AUDIENCE);
    }

    ObjectNode snp(String nonce) {
        ObjectNode body = body(CPUS, nonce);
        guest(body, binding(nonce).expectedReportData(List.of()).orElseThrow());
        return body;
    }

    private void guest(ObjectNode body, Bytes reportData) {
        var members = amd.attest(reportData, UnaryOperator.identity());
        body.withObject("/evidence/cpu0")
                .put("type", "sev-snp")
                .put("report", members.report())
                .put("certificates", members.certificates());
        body.withObject("/endorsements/amd").put("crl", members.crl());
    }

    /** A guest on a chip that was never seen before and never will be again, without its certificate. */
    ObjectNode strangerSnp(String nonce) {
        Bytes reportData = binding(nonce).expectedReportData(List.of()).orElseThrow();
        byte[] number = ByteBuffer.allocate(4).putInt(chips.incrementAndGet()).array();
        Bytes chip = Bytes.concat(Bytes.fromHex("c41b"), Bytes.zeros(58), Bytes.copyOf(number));
        var members = amd.attest(reportData, draft -> draft.chipId(chip));
        ObjectNode body = body(CPUS, nonce);
        body.withObject("/evidence/cpu0").put("type", "sev-snp").put("report", members.report());
        body.withObject("/endorsements/amd").put("crl", members.crl());
        return body;
    }

    ObjectNode tdx(String nonce) {
        var members = td.attest(binding(nonce).expectedReportData(List.of()).orElseThrow(), DemoTd.Platform.UP_TO_DATE);
        ObjectNode body = body(CPUS, nonce);
        body.withObject("/evidence/cpu0").put("type", "tdx").put("quote", members.quote());
        members.endorsements().forEach(body.withObject("/endorsements/intel")::put);
        return body;
    }

    ObjectNode gpus(String nonce) {
        Binding binding = binding(nonce);
        var members = gpus.attest(binding.expectedDeviceNonce().orElseThrow(), DemoGpus.Setup.CONFIDENTIAL);
        ObjectNode body = body(GPUS, nonce);
        guest(body, binding.expectedReportData(members.seenByGuest()).orElseThrow());
        for (DemoGpus.Device device : members.devices()) {
            body.withObject("/evidence/" + device.label())
                    .put("type", device.type())
                    .put("arch", device.arch())
                    .put(
                            "evidence",
                            Base64.getUrlEncoder()
                                    .withoutPadding()
                                    .encodeToString(device.evidence().toByteArray()))
                    .put("certificate", device.certificate());
        }
        var brought = body.withObject("/endorsements/nvidia");
        members.rims().forEach(brought.putObject("rims")::put);
        members.ocsp().forEach(brought.putArray("ocsp")::add);
        return body;
    }
}
