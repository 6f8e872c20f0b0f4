package io.countersign.service;

import io.countersign.testkit.FixtureFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;

/** Laboratory anchors, registered audiences, policies of every kind, and a clock that tests move. */
public class Laboratory extends ProductionLike {
    static final String KMS = "https://kms.example";
    static final String DETAILED = "https://detailed.example";

    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = super.getConfigOverrides();
        settings.put("countersign.insecure.enabled", "true");
        settings.put(
                "countersign.insecure.anchors",
                FixtureFolder.root().resolve("insecure-anchors.pem").toString());
        settings.put("countersign.policies-dir", policies().toString());
        settings.put("countersign.audiences.kms.uri", KMS);
        settings.put(
                "countersign.audiences.kms.policies",
                "pinned,any,plain-nonce,warns,expiring,pins-nothing,never-written");
        settings.put("countersign.audiences.detailed.uri", DETAILED);
        settings.put("countersign.audiences.detailed.policies", "any");
        settings.put("countersign.audiences.detailed.typ", "JWT");
        settings.put("countersign.audiences.detailed.detail", "full");
        return settings;
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(MovableClock.class);
    }

    private static Path policies() {
        Path folder = Temporary.folder("policies");
        Instant referencesEnd = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofDays(3));
        LaboratoryPolicies.all(referencesEnd).forEach((id, text) -> Temporary.file(folder, id + ".yaml", text));
        return folder;
    }
}
