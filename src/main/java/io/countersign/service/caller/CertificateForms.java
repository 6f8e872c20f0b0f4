package io.countersign.service.caller;

import io.countersign.verifier.bytes.Bytes;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The marks by which a client certificate is known: configured ones, and those that a certificate bears. */
final class CertificateForms {
    /** As {@code sha256sum} prints it, or as {@code openssl x509 -fingerprint} does. */
    private static final Pattern SHA_256 = Pattern.compile("[0-9A-Fa-f]{64}|[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){31}");

    private static final Pattern URI = Pattern.compile("URI:[a-z][a-z0-9+.-]*:[\\x21-\\x7e]+");
    private static final Pattern DNS = Pattern.compile("DNS:[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

    /** RFC 5280, section 4.2.1.6: the choices of GeneralName. */
    private static final int DNS_NAME = 2;

    private static final int UNIFORM_RESOURCE_IDENTIFIER = 6;

    private CertificateForms() {}

    static String sha256(String key, String text) {
        if (!SHA_256.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    key + " is a SHA-256 in 64 hex digits, with or without colons, and this is something else");
        }
        return Bytes.fromHex(text.replace(":", "")).toString();
    }

    /** Whole names alone: a pattern would name machines that nobody thought of. */
    static String name(String key, String text) {
        if (URI.matcher(text).matches()) {
            return text;
        }
        if (DNS.matcher(text).matches()) {
            return "DNS:" + text.substring("DNS:".length()).toLowerCase(Locale.ROOT);
        }
        throw new IllegalArgumentException(
                "%s is \"%s\"; URI: and a whole URI (URI:spiffe://example.org/kms), or DNS: and a host name without * was expected"
                        .formatted(key, text));
    }

    /** What a certificate is called. One whose names cannot be read bears none. */
    static Set<String> names(X509Certificate certificate) {
        var names = new HashSet<String>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> each : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (each.get(0) instanceof Integer choice && each.get(1) instanceof String value) {
                    switch (choice) {
                        case DNS_NAME -> names.add("DNS:" + value.toLowerCase(Locale.ROOT));
                        case UNIFORM_RESOURCE_IDENTIFIER -> names.add("URI:" + value);
                        default -> {} // addresses and mailboxes name no caller
                    }
                }
            }
        } catch (CertificateParsingException _) {
            return Set.of();
        }
        return names;
    }

    /** Of the whole certificate, so that its renewal needs a new entry. */
    static Bytes sha256(X509Certificate certificate) {
        try {
            return Bytes.copyOf(certificate.getEncoded()).sha256();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was received has its bytes", e);
        }
    }

    /** Of the SubjectPublicKeyInfo, so that a renewal with the same key stays known. */
    static Bytes keySha256(X509Certificate certificate) {
        return Bytes.copyOf(certificate.getPublicKey().getEncoded()).sha256();
    }
}
