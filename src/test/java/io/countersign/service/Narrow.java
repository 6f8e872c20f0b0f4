package io.countersign.service;

import java.util.Map;

/** Four places, one of them kept for callers and one for introspection, while AMD's service never answers. */
public class Narrow extends RelyingParties {
    static final SilentVendor AMD = new SilentVendor();

    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = super.getConfigOverrides();
        settings.put("countersign.collateral.offline", "false");
        settings.put("countersign.collateral.amd-kds-url", AMD.url());
        settings.put("countersign.collateral.wait-at-most", "60s");
        settings.put("countersign.collateral.request-timeout", "60s");
        settings.put("countersign.limits.concurrent", "4");
        settings.put("countersign.limits.reserved.callers", "1");
        settings.put("countersign.limits.reserved.introspection", "1");
        settings.put("countersign.limits.client-share", "1");
        settings.put("countersign.limits.time", "120s");
        settings.put("countersign.limits.trusted-proxies", "127.0.0.1,::1");
        settings.put("countersign.limits.forwarded-header", "forwarded");
        return settings;
    }
}
