package io.countersign.service.wiring;

import io.countersign.service.access.IssuerKeys;
import io.countersign.service.access.IssuerTokens;
import io.countersign.service.access.KeySources;
import io.countersign.service.caller.Callers;
import io.countersign.service.caller.Callers.Mark;
import io.countersign.service.config.AccessConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** What the operator set about the issuer of callers' tokens, checked at start. */
final class OidcSettings {
    private static final String KEY = "countersign.access.oidc.";
    private static final Duration LEAST_AGE = Duration.ofMinutes(1);
    private static final Duration MOST_AGE = Duration.ofHours(24);
    private static final Duration MOST_KEEP = Duration.ofDays(7);

    /** Names that mean this machine whatever a name server says (RFC 6761, section 6.3), and addresses of it. */
    private static final Pattern THIS_MACHINE = Pattern.compile("localhost|127\\.[0-9.]+|\\[::1]");

    /**
     * Of the rest of the configuration.
     *
     * @param ownAddress the base of this service's own tokens' issuer
     */
    record Surroundings(String ownAddress, Network network) {}

    /** Whether the machine may be left. */
    enum Network {
        ALLOWED,
        NEVER_LEFT
    }

    private OidcSettings() {}

    /** How tokens are read, where an issuer is configured; a message says which key to change. */
    static Optional<IssuerTokens> of(
            AccessConfig.Oidc config,
            Callers callers,
            Surroundings surroundings,
            IssuerTokens.Ours ours,
            InstantSource clock) {
        if (config.issuer().isEmpty()) {
            refuseHalf(config, callers);
            return Optional.empty();
        }
        String issuer = config.issuer().get();
        if (issuer.equals(surroundings.ownAddress()) || issuer.startsWith(surroundings.ownAddress() + "/")) {
            throw new IllegalArgumentException(
                    KEY
                            + "issuer is this service itself: its tokens go to machines that were attested, and name no caller");
        }
        String audience = config.audience()
                .orElseThrow(() -> new IllegalArgumentException(KEY + "issuer is set, but " + KEY
                        + "audience is not: without it a token made for any other service would open this one"));
        var keys = new IssuerKeys(
                source(config, surroundings),
                between(KEY + "jwks-max-age", config.jwksMaxAge(), LEAST_AGE, MOST_AGE),
                between(KEY + "jwks-keep", config.jwksKeep(), config.jwksMaxAge(), MOST_KEEP),
                clock);
        config.jwksFile().ifPresent(_ -> readNow(keys));
        return Optional.of(new IssuerTokens(new IssuerTokens.Terms(issuer, audience), keys, ours, clock));
    }

    private static void refuseHalf(AccessConfig.Oidc config, Callers callers) {
        if (callers.marks().contains(Mark.SUBJECT)) {
            throw new IllegalArgumentException("a caller has oidc-subject, but " + KEY
                    + "issuer is not set: whose tokens name callers must be said");
        }
        if (config.audience().isPresent()
                || config.jwksUrl().isPresent()
                || config.jwksFile().isPresent()
                || config.caCertificates().isPresent()) {
            throw new IllegalArgumentException(KEY + "issuer is not set, but another key of " + KEY
                    + " is: set it to the iss of the tokens, or remove the others");
        }
    }

    private static void readNow(IssuerKeys keys) {
        try {
            keys.readNow();
        } catch (IOException e) {
            throw new IllegalArgumentException(KEY + "jwks-file: " + e.getMessage(), e);
        }
    }

    private static IssuerKeys.Source source(AccessConfig.Oidc config, Surroundings surroundings) {
        if (config.jwksUrl().isPresent() == config.jwksFile().isPresent()) {
            throw new IllegalArgumentException(
                    KEY + "issuer is set, and needs either " + KEY + "jwks-url or " + KEY + "jwks-file, and not both");
        }
        if (config.jwksFile().isPresent()) {
            return KeySources.file(config.jwksFile().get());
        }
        URI address = address(config.jwksUrl().get(), surroundings.network());
        return KeySources.address(address, config.caCertificates().map(OidcSettings::trusting));
    }

    private static URI address(String text, Network network) {
        URI address;
        try {
            address = URI.create(text);
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException(KEY + "jwks-url is no address: " + text);
        }
        String host = String.valueOf(address.getHost());
        boolean here = THIS_MACHINE.matcher(host).matches();
        boolean https = "https".equals(address.getScheme());
        if (address.getHost() == null
                || address.getUserInfo() != null
                || !(https || here && "http".equals(address.getScheme()))) {
            throw new IllegalArgumentException(
                    KEY + "jwks-url is " + text
                            + "; https:// and a host were expected, or http:// and this machine: who can change the keys on their way can be any caller");
        }
        if (network == Network.NEVER_LEFT && !here) {
            throw new IllegalArgumentException(
                    "countersign.collateral.offline is true, so that this machine is never left, but " + KEY
                            + "jwks-url is elsewhere: put the keys in a file and name it as " + KEY + "jwks-file");
        }
        return address;
    }

    private static SSLContext trusting(Path pem) {
        try (InputStream in = Files.newInputStream(pem)) {
            Collection<? extends Certificate> authorities =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (authorities.isEmpty()) {
                throw new IllegalArgumentException("%sca-certificates: %s holds no certificate".formatted(KEY, pem));
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate authority : List.copyOf(authorities)) {
                store.setCertificateEntry("authority-" + number++, authority);
            }
            var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "%sca-certificates: %s is no readable PEM file of certificates".formatted(KEY, pem), e);
        }
    }

    private static Duration between(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException("%s is %s; it goes from %s to %s".formatted(key, value, least, most));
        }
        return value;
    }
}
