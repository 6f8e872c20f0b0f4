package io.countersign.examples.kms;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** What application.yaml says under {@code kms}. What cannot be meant stops the start. */
@ConfigurationProperties("kms")
record Settings(
        URI issuer,
        String audience,
        @DefaultValue("false") boolean laboratory,
        @DefaultValue Keys keys,
        @DefaultValue Introspection introspection,
        Path secretsFolder,
        Map<String, Secret> secrets) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    Settings {
        secrets = secrets == null ? Map.of() : Map.copyOf(secrets);
        demand(issuer != null, "kms.issuer must be set: the iss of Countersign's tokens");
        demand(laboratory || issuer.toString().startsWith("https://"), "kms.issuer must begin with https://");
        demand(audience != null && !audience.isBlank(), "kms.audience must be set: the aud of tokens for this KMS");
        demand(secretsFolder != null, "kms.secrets-folder must be set: where the files with the secrets are");
        demand(!secrets.isEmpty(), "kms.secrets must name at least one secret");
        for (String name : secrets.keySet()) {
            demand(NAME.matcher(name).matches(), "kms.secrets: a name is lower-case letters, digits and hyphens");
            demand(
                    Files.isReadable(secretsFolder.resolve(name)),
                    "%s cannot be read: put the secret into that file".formatted(secretsFolder.resolve(name)));
        }
        if (introspection.enabled()) {
            demand(
                    introspection.url() != null
                            && (laboratory || introspection.url().toString().startsWith("https://")),
                    "kms.introspection.url must begin with https://");
            demand(
                    introspection.callerSecretFile() != null && Files.isReadable(introspection.callerSecretFile()),
                    "kms.introspection.caller-secret-file must be a file that can be read");
        }
    }

    /** How long the issuer's keys are believed, and how often they may be fetched. */
    record Keys(
            @DefaultValue("300s") Duration believedAtMost,
            @DefaultValue("10s") Duration coolDown,
            @DefaultValue("3s") Duration timeout) {
        Keys {
            demand(
                    believedAtMost.compareTo(coolDown) >= 0,
                    "kms.keys.believed-at-most must be no shorter than kms.keys.cool-down: "
                            + "between the two there would be no keys");
        }
    }

    /** Whether and how the issuer is asked about each token before a release. */
    record Introspection(
            @DefaultValue("false") boolean enabled,
            @Nullable URI url,
            @Nullable Path callerSecretFile,
            @DefaultValue("true") boolean consume,
            @DefaultValue("2s") Duration timeout) {}

    /** Who may have one secret. */
    record Secret(
            List<Policy> policies,
            @Nullable Long gpuCount,
            @DefaultValue("challenge") Set<String> freshness) {
        Secret {
            policies = policies == null ? List.of() : List.copyOf(policies);
            freshness = Set.copyOf(freshness);
            demand(!policies.isEmpty(), "a secret needs at least one policy");
        }
    }

    /** A policy of Countersign's; without a digest, in whatever version is loaded there. */
    record Policy(String id, @Nullable String digest) {
        private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

        Policy {
            demand(id != null && !id.isBlank(), "a policy needs an id");
            demand(
                    digest == null || DIGEST.matcher(digest).matches(),
                    "a policy's digest is sha256: and 64 hex digits");
        }

        boolean is(@Nullable Object tokenId, @Nullable Object tokenDigest) {
            return id.equals(tokenId) && (digest == null || digest.equals(tokenDigest));
        }

        @Override
        public String toString() {
            return Optional.ofNullable(digest).map(text -> id + " " + text).orElse(id);
        }
    }

    private static void demand(boolean met, String otherwise) {
        if (!met) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
