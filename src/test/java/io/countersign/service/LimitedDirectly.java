package io.countersign.service;

import java.util.List;
import java.util.Map;

/** The same without a proxy that the limits believe; the framework believes everybody. */
public class LimitedDirectly extends Limited {
    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = super.getConfigOverrides();
        settings.keySet().removeAll(List.of("countersign.limits.trusted-proxies"));
        settings.put("quarkus.http.proxy.proxy-address-forwarding", "true");
        settings.put("quarkus.http.proxy.allow-x-forwarded", "true");
        return settings;
    }
}
