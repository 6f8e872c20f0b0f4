package io.countersign.service.caller;

import io.countersign.service.config.CallerConfig;
import io.countersign.verifier.bytes.Bytes;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The register of callers: who is known by what. Secrets are not known here, only their SHA-256. */
public final class Callers {
    private static final Pattern SHA_256 = Pattern.compile("[0-9A-Fa-f]{64}");

    /** A way of saying who one is. */
    public enum Mark {
        SECRET,
        CERTIFICATE,
        SUBJECT
    }

    private record Entry(
            Optional<Bytes> secret,
            Set<Bytes> certificates,
            Set<Bytes> keys,
            Set<String> names,
            Optional<String> subject,
            Caller.Known caller) {}

    private final List<Entry> entries;
    private final Set<Mark> marks;

    /**
     * Reads the register; whatever is wrong with it stops the start, with a sentence that names the key.
     *
     * @param audiences the names that are registered
     */
    public Callers(Map<String, CallerConfig> configured, Set<String> audiences, AccessRules rules) {
        var read = new ArrayList<Entry>();
        var owners = new HashMap<String, String>();
        configured.forEach((name, entry) -> read.add(entry(name, entry, audiences, rules, owners)));
        this.entries = List.copyOf(read);
        this.marks = marks(entries);
    }

    private static Entry entry(
            String name, CallerConfig entry, Set<String> audiences, AccessRules rules, Map<String, String> owners) {
        String key = "countersign.callers." + name;
        var claim = new Claim(name, owners);
        var read = new Entry(
                entry.secretSha256().map(text -> Bytes.fromHex(claim.of("secret-sha256", hash(key, text)))),
                hashes(claim, "certificate-sha256", entry.certificateSha256()),
                hashes(claim, "certificate-key-sha256", entry.certificateKeySha256()),
                names(claim, entry.certificateSan()),
                entry.oidcSubject().map(text -> claim.of("oidc-subject", text)),
                new Caller.Known(name, spokenFor(key, entry, audiences), roles(key, entry, rules)));
        if (marks(List.of(read)).isEmpty()) {
            throw new IllegalArgumentException(
                    key + " says nothing by which this caller is known: set secret-sha256, certificate-sha256,"
                            + " certificate-key-sha256, certificate-san or oidc-subject");
        }
        return read;
    }

    /** Takes marks for one caller, and refuses what another one has. */
    private record Claim(String name, Map<String, String> owners) {
        String key(String what) {
            return "countersign.callers.%s.%s".formatted(name, what);
        }

        String of(String what, String mark) {
            String other = owners.putIfAbsent(what + " " + mark, name);
            if (other != null && !other.equals(name)) {
                throw new IllegalArgumentException(
                        "%s is the same as that of countersign.callers.%s: give each caller one of its own"
                                .formatted(key(what), other));
            }
            return mark;
        }
    }

    private static String hash(String key, String text) {
        if (!SHA_256.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    key + ".secret-sha256 is the SHA-256 of the secret in 64 hex digits, and this is something else");
        }
        return Bytes.fromHex(text).toString();
    }

    private static Set<Bytes> hashes(Claim claim, String what, Optional<List<String>> texts) {
        var hashes = new LinkedHashSet<Bytes>();
        for (String text : texts.orElse(List.of())) {
            hashes.add(Bytes.fromHex(claim.of(what, CertificateForms.sha256(claim.key(what), text))));
        }
        return Set.copyOf(hashes);
    }

    private static Set<String> names(Claim claim, Optional<List<String>> texts) {
        var names = new LinkedHashSet<String>();
        for (String text : texts.orElse(List.of())) {
            names.add(claim.of("certificate-san", CertificateForms.name(claim.key("certificate-san"), text)));
        }
        return Set.copyOf(names);
    }

    private static Set<String> spokenFor(String key, CallerConfig entry, Set<String> registered) {
        List<String> named = entry.audiences().orElse(List.of());
        if (named.isEmpty() && entry.roles().isEmpty()) {
            throw new IllegalArgumentException(
                    "%s.audiences names no audience and %s.roles no role, so this caller could do nothing: set one of them"
                            .formatted(key, key));
        }
        for (String name : named) {
            if (!registered.contains(name)) {
                throw new IllegalArgumentException(
                        "%s.audiences names the audience \"%s\", and there is no countersign.audiences.%s"
                                .formatted(key, name, name));
            }
        }
        return Set.copyOf(named);
    }

    private static Set<Role> roles(String key, CallerConfig entry, AccessRules rules) {
        var roles = new HashSet<>(rules.everybody());
        entry.roles().ifPresent(words -> roles.addAll(AccessRules.roles(key + ".roles", words, "")));
        return roles;
    }

    private static Set<Mark> marks(List<Entry> entries) {
        var marks = new HashSet<Mark>();
        for (Entry entry : entries) {
            entry.secret().ifPresent(_ -> marks.add(Mark.SECRET));
            entry.subject().ifPresent(_ -> marks.add(Mark.SUBJECT));
            if (!entry.certificates().isEmpty()
                    || !entry.keys().isEmpty()
                    || !entry.names().isEmpty()) {
                marks.add(Mark.CERTIFICATE);
            }
        }
        return Set.copyOf(marks);
    }

    /** By what callers are known here; by nothing where none is registered. */
    public Set<Mark> marks() {
        return marks;
    }

    /** Compares with every entry, each in constant time, so that how long it takes tells nothing of any hash. */
    public Optional<Caller.Known> withSecret(Bytes secretSha256) {
        Optional<Caller.Known> found = Optional.empty();
        for (Entry entry : entries) {
            if (entry.secret().filter(secretSha256::equals).isPresent()) {
                found = Optional.of(entry.caller());
            }
        }
        return found;
    }

    /** Everybody whom a certificate fits that the TLS layer verified: none, one, or several whom its names mean. */
    public Set<Caller.Known> withCertificate(X509Certificate certificate) {
        Bytes whole = CertificateForms.sha256(certificate);
        Bytes publicKey = CertificateForms.keySha256(certificate);
        Set<String> names = CertificateForms.names(certificate);
        var found = new LinkedHashSet<Caller.Known>();
        for (Entry entry : entries) {
            if (entry.certificates().contains(whole)
                    || entry.keys().contains(publicKey)
                    || entry.names().stream().anyMatch(names::contains)) {
                found.add(entry.caller());
            }
        }
        return found;
    }

    /** Whose tokens have this {@code sub}. */
    public Optional<Caller.Known> withSubject(String subject) {
        return entries.stream()
                .filter(entry -> entry.subject().filter(subject::equals).isPresent())
                .map(Entry::caller)
                .findFirst();
    }

    /** Whether somebody is registered who speaks for an audience. */
    public Spoken spokenFor(String audience) {
        return entries.stream().anyMatch(entry -> entry.caller().audiences().contains(audience))
                ? Spoken.BY_SOMEBODY
                : Spoken.BY_NOBODY;
    }

    /** Whether there is a caller for an audience. */
    public enum Spoken {
        BY_SOMEBODY,
        BY_NOBODY
    }
}
