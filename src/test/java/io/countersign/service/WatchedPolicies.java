package io.countersign.service;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/** The laboratory with a policy folder that tests change while the service runs. */
public class WatchedPolicies extends Laboratory {
    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = super.getConfigOverrides();
        settings.put("countersign.policies-dir", folder().toString());
        settings.put("countersign.policies.poll", "1s");
        return settings;
    }

    /** The text of the policy that the tests change. */
    static String pinned() {
        return Objects.requireNonNull(LaboratoryPolicies.all(Instant.MAX).get("pinned"));
    }

    Path folder() {
        Path folder = Temporary.folder("watched");
        Temporary.file(folder, "pinned.yaml", pinned());
        return folder;
    }
}
