package io.countersign.client.machine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.client.Bytes;
import io.countersign.client.StrictJson;
import java.util.List;

/** The body of {@code POST /v1/attestations}. Contract, section 5. */
final class RequestForm {
    private RequestForm() {}

    static ObjectNode of(Attester.Errand errand, Bytes nonce, Cpu cpu, List<Device> devices) {
        ObjectNode request = StrictJson.newObject();
        errand.policy().ifPresent(id -> request.put("policy", id));
        errand.policyDigest().ifPresent(digest -> request.put("policy_digest", digest));
        request.put("audience", errand.audience());
        request.put("nonce", nonce.base64Url());
        request.put("binding", "countersign-v1");
        errand.key().ifPresent(key -> {
            ObjectNode jwk = request.putObject("key");
            key.publicJwk().forEach((member, value) -> jwk.put(member, String.valueOf(value)));
        });
        ObjectNode evidence = request.putObject("evidence");
        cpu(evidence.putObject("cpu0"), cpu);
        devices.forEach(device -> device(evidence.putObject(device.label()), device));
        return request;
    }

    private static void cpu(ObjectNode form, Cpu cpu) {
        if (cpu instanceof Cpu.SevSnp snp) {
            form.put("type", "sev-snp").put("report", snp.report().base64());
            snp.certificates().ifPresent(table -> form.put("certificates", table.base64()));
        } else if (cpu instanceof Cpu.Tdx tdx) {
            form.put("type", "tdx").put("quote", tdx.quote().base64());
            tdx.eventLog().ifPresent(log -> form.put("event_log", log.base64()));
        }
    }

    /** Only what the service reads: a newer collector may write members that this contract does not know. */
    private static void device(ObjectNode form, Device device) {
        form.put("type", device.kind().type())
                .put("evidence", device.evidence().base64())
                .put("certificate", device.certificate());
        if (!device.arch().isEmpty()) {
            form.put("arch", device.arch());
        }
    }
}
