package io.countersign.service.caller;

import io.countersign.service.config.CallerConfig;
import io.countersign.verifier.bytes.Bytes;
import java.util.List;
import java.util.Optional;

/** One caller as a configuration declares it. */
public record CallerEntry(
        Optional<String> secretSha256,
        Optional<List<String>> certificateSha256,
        Optional<List<String>> certificateKeySha256,
        Optional<List<String>> certificateSan,
        Optional<String> oidcSubject,
        Optional<List<String>> audiences,
        Optional<List<String>> roles)
        implements CallerConfig {

    public static CallerEntry unmarked() {
        return new CallerEntry(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public static CallerEntry ofHash(String sha256) {
        CallerEntry none = unmarked();
        return new CallerEntry(
                Optional.of(sha256),
                none.certificateSha256,
                none.certificateKeySha256,
                none.certificateSan,
                none.oidcSubject,
                none.audiences,
                none.roles);
    }

    public static CallerEntry ofSecret(String secret) {
        return ofHash(Bytes.utf8(secret).sha256().toString());
    }

    public static CallerEntry ofSubject(String subject) {
        return new CallerEntry(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(subject),
                Optional.empty(),
                Optional.empty());
    }

    /** Known by certificates of these hashes, of keys of those, or with these names. */
    public static CallerEntry ofCertificates(List<String> whole, List<String> keys, List<String> names) {
        return new CallerEntry(
                Optional.empty(),
                some(whole),
                some(keys),
                some(names),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public CallerEntry speakingFor(String... names) {
        return new CallerEntry(
                secretSha256,
                certificateSha256,
                certificateKeySha256,
                certificateSan,
                oidcSubject,
                some(List.of(names)),
                roles);
    }

    public CallerEntry with(String... words) {
        return new CallerEntry(
                secretSha256,
                certificateSha256,
                certificateKeySha256,
                certificateSan,
                oidcSubject,
                audiences,
                some(List.of(words)));
    }

    /** As configurations are read: an empty list is none. */
    private static Optional<List<String>> some(List<String> words) {
        return words.isEmpty() ? Optional.empty() : Optional.of(words);
    }
}
