package io.countersign.service;

import java.util.Map;

/** The laboratory while AMD's service is away; also the settings that no other profile changes. */
public class Outage extends Laboratory {
    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = super.getConfigOverrides();
        settings.put("countersign.collateral.offline", "false");
        settings.put("countersign.collateral.amd-kds-url", "http://127.0.0.1:" + Temporary.freePort());
        settings.put("countersign.token.algorithm", "ES384");
        settings.put("countersign.token.lifetime", "60s");
        settings.put("countersign.challenge.lifetime", "30s");
        settings.put("countersign.drafts", "false");
        settings.put("countersign.limits.request-bytes", "65536");
        settings.put("countersign.limits.devices", "2");
        settings.put("countersign.limits.depth", "8");
        return settings;
    }
}
