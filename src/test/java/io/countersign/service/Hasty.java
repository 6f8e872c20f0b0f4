package io.countersign.service;

import java.util.Map;

/** Seconds for everything, while AMD's service never answers. */
public class Hasty extends RelyingParties {
    private static final SilentVendor AMD = new SilentVendor();

    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = super.getConfigOverrides();
        settings.put("countersign.collateral.offline", "false");
        settings.put("countersign.collateral.amd-kds-url", AMD.url());
        settings.put("countersign.collateral.wait-at-most", "60s");
        settings.put("countersign.collateral.request-timeout", "60s");
        settings.put("countersign.limits.time", "3s");
        settings.put("countersign.limits.receive-time", "1s");
        return settings;
    }
}
