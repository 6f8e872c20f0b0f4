package io.countersign.service.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What one may do who does not say who he is, and how callers may say it. */
public interface AccessConfig {
    /**
     * Roles of everybody: {@code attest}, {@code read-policies}, {@code operate}, or {@code none}. Unset, everybody has all of
     * them while no caller has roles, and none as soon as one has.
     */
    Optional<List<String>> anonymous();

    /**
     * Whether a TLS connection without a client certificate is made: {@code request} (it is, and is nobody's) or
     * {@code required} (it is not, probes and key fetchers included). Counts only where a caller is known by a certificate;
     * elsewhere none is asked for.
     */
    @WithName("client-certificates")
    @WithDefault("request")
    String clientCertificates();

    Oidc oidc();

    /** One issuer whose tokens name callers. Off unless {@code issuer} is set. */
    interface Oidc {
        /** The {@code iss} of its tokens, exactly. */
        Optional<String> issuer();

        /** What their {@code aud} must name: this service, and nothing else that the issuer makes tokens for. */
        Optional<String> audience();

        /** Where its keys (RFC 7517) are: https, or http on this machine. Redirects are not followed. */
        @WithName("jwks-url")
        Optional<String> jwksUrl();

        /** Its keys in a file instead, which is read again when it is due. */
        @WithName("jwks-file")
        Optional<Path> jwksFile();

        /** PEM file of authorities to believe at {@code jwks-url} instead of those that Java trusts. */
        @WithName("ca-certificates")
        Optional<Path> caCertificates();

        /** The age after which its keys are fetched anew. From 1m to 24h. */
        @WithName("jwks-max-age")
        @WithDefault("10m")
        Duration jwksMaxAge();

        /** How long keys are believed that cannot be fetched anew; after it nobody is known by a token. Up to 7d. */
        @WithName("jwks-keep")
        @WithDefault("24h")
        Duration jwksKeep();
    }
}
