package io.countersign.service;

import java.nio.file.Path;
import java.util.Map;

/** The laboratory online, with Intel's service at hand, and an audience for TDs and enclaves that pins what runs. */
public class FedByPcs extends Laboratory {
    static final String KEY_SERVICE = "https://td-kms.example";
    static final LaboratoryPcs PCS = new LaboratoryPcs();

    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = super.getConfigOverrides();
        settings.put("countersign.collateral.offline", "false");
        settings.put("countersign.collateral.amd-kds-url", "http://127.0.0.1:" + Temporary.freePort());
        settings.put("countersign.collateral.intel-pcs-url", PCS.server().url().toString());
        settings.put("countersign.collateral.wait-at-most", "2s");
        settings.put("countersign.audiences.td.uri", KEY_SERVICE);
        settings.put("countersign.audiences.td.policies", "td,enclave");
        Path policies = Path.of(settings.get("countersign.policies-dir"));
        Temporary.file(policies, "td.yaml", pinned("td", "tdx", "launch_measurement", TdMachine.FIRMWARE.toString()));
        Temporary.file(
                policies, "enclave.yaml", pinned("enclave", "sgx", "sgx.mr_enclave", TdMachine.ENCLAVE.toString()));
        return settings;
    }

    private static String pinned(String id, String type, String claim, String value) {
        return """
                policy: %1$s
                version: "1"
                summary: The laboratory's own, pinned.
                extends: [baseline]
                references:
                  approved:
                    claim: %3$s
                    note: what the software machine pretends to run
                    values: ["%4$s"]
                rules:
                  - name: runs what is approved
                    for: %2$s
                    require: cpu.%3$s in references.approved
                    sets: executables
                    because: Only what is approved may hold the key.
                """.formatted(id, type, claim, value);
    }
}
