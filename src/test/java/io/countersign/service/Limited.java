package io.countersign.service;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Every client has little, and tests come through a proxy that is believed: so they are whom they like. */
public class Limited extends RelyingParties {
    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = super.getConfigOverrides();
        settings.put("countersign.limits.devices", "3");
        settings.put("countersign.limits.rate.evidence", "3");
        settings.put("countersign.limits.rate.requests", "4");
        settings.put("countersign.limits.rate.caller-evidence", "6");
        settings.put("countersign.limits.rate.caller-requests", "5");
        settings.put("countersign.limits.rate.clients", "100");
        settings.put("countersign.limits.trusted-proxies", "127.0.0.0/8,::1");
        return settings;
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        var all = new HashSet<>(super.getEnabledAlternatives());
        all.add(HeldTicker.class);
        return all;
    }
}
