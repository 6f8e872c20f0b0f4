package io.countersign.service;

import java.util.Map;

/** The laboratory with Intel's service at hand, and an early warning that looks every second. */
public class WarnedLaboratory extends FedByPcs {
    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = super.getConfigOverrides();
        settings.put("countersign.early-warning.enabled", "true");
        settings.put("countersign.early-warning.every", "1s");
        settings.put("countersign.early-warning.first", "1s");
        settings.put("countersign.collateral.intel-collateral-max-age", "4m");
        return settings;
    }
}
