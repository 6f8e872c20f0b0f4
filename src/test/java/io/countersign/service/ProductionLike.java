package io.countersign.service;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.Map;

/** The service as it comes: AMD's own anchors, no audience, no laboratory. It never leaves the machine. */
public class ProductionLike implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = new HashMap<String, String>();
        int port = Temporary.freePort();
        settings.put("quarkus.http.test-port", String.valueOf(port));
        settings.put("countersign.issuer", "http://localhost:" + port);
        settings.put("countersign.data-dir", Temporary.folder("data").toString());
        settings.put("countersign.collateral.offline", "true");
        return settings;
    }
}
