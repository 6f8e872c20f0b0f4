package io.countersign.service;

import io.countersign.verifier.bytes.Bytes;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The laboratory with key services that authenticate, policies that take their nonces, and a store that tests can spoil. */
public class RelyingParties extends WatchedPolicies {
    /** An audience whose key services may bring nonces of their own. */
    static final String BACKGROUND = "https://background.example";

    /** An audience whose key services may not. */
    static final String PASSPORT = "https://passport.example";

    /** Two secrets for one audience, as while a secret is changed. */
    static final String SECRET = "yNzQ3x1Rr0aVq2m8d5t7u9w-BCDEFGHIJKLMNOPQRST";

    static final String NEXT_SECRET = "A23456789_bcdefghijkmnopqrstuvwxyzABCDEFGHJ";
    static final String PASSPORT_SECRET = "passport_passport_passport_passport_passpor";

    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = super.getConfigOverrides();
        audience(settings, "background", BACKGROUND, "either,caller-only,challenge-only,withdrawn");
        settings.put("countersign.audiences.background.caller-nonce", "true");
        audience(settings, "passport", PASSPORT, "either");
        caller(settings, "kms", SECRET, "background");
        caller(settings, "kms-next", NEXT_SECRET, "background");
        caller(settings, "other", PASSPORT_SECRET, "passport");
        settings.put("countersign.limits.batch", "8");
        return settings;
    }

    private static void audience(Map<String, String> settings, String name, String uri, String policies) {
        settings.put("countersign.audiences." + name + ".uri", uri);
        settings.put("countersign.audiences." + name + ".policies", policies);
    }

    private static void caller(Map<String, String> settings, String name, String secret, String audience) {
        settings.put(
                "countersign.callers." + name + ".secret-sha256",
                Bytes.utf8(secret).sha256().toString());
        settings.put("countersign.callers." + name + ".audiences", audience);
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        var all = new HashSet<>(super.getEnabledAlternatives());
        all.add(PliantStore.class);
        return all;
    }

    @Override
    Path folder() {
        Path folder = super.folder();
        Temporary.file(folder, "either.yaml", taking("either", "challenge, caller"));
        Temporary.file(folder, "caller-only.yaml", taking("caller-only", "caller"));
        Temporary.file(folder, "challenge-only.yaml", taking("challenge-only", "challenge"));
        Temporary.file(folder, "withdrawn.yaml", taking("withdrawn", "challenge, caller"));
        return folder;
    }

    /** The pinned policy under another name, which takes these nonces. */
    static String taking(String id, String freshness) {
        return pinned().replace("policy: pinned", "policy: " + id)
                .replace("references:\n", "accept: { freshness: [%s] }\nreferences:\n".formatted(freshness));
    }
}
