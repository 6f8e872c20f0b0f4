package io.countersign.service;

import java.util.Map;

/** Key services, a store that tests can spoil, and an audit log. */
public class AuditedLaboratory extends RelyingParties {
    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = super.getConfigOverrides();
        settings.put(
                "countersign.audit.to", Temporary.folder("audit").resolve("log").toString());
        settings.put("countersign.audit.instance", "replica-1");
        settings.put("countersign.audit.checkpoint-every", "1s");
        return settings;
    }
}
