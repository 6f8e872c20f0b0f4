package io.countersign.service.wiring;

import io.countersign.service.caller.Callers;
import io.countersign.service.caller.Callers.Mark;
import io.countersign.service.config.CountersignConfig;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/**
 * Asks TLS clients for a certificate where a caller is known by one. The framework's own key for this,
 * {@code quarkus.http.ssl.client-auth}, is fixed when the service is built.
 */
@Singleton
class ClientCertificates implements HttpServerOptionsCustomizer {
    private final ClientAuth wanted;

    @Inject
    ClientCertificates(CountersignConfig config, Callers callers) {
        this(wanted(config.access().clientCertificates(), callers));
    }

    ClientCertificates(ClientAuth wanted) {
        this.wanted = wanted;
    }

    static ClientAuth wanted(String word, Callers callers) {
        boolean somebody = callers.marks().contains(Mark.CERTIFICATE);
        return switch (word) {
            case "request" -> somebody ? ClientAuth.REQUEST : ClientAuth.NONE;
            case "required" -> {
                if (!somebody) {
                    throw new IllegalArgumentException(
                            "countersign.access.client-certificates is required, but no caller is known by a certificate: set"
                                    + " countersign.callers.<name>.certificate-sha256, certificate-key-sha256 or certificate-san");
                }
                yield ClientAuth.REQUIRED;
            }
            default ->
                throw new IllegalArgumentException(
                        "countersign.access.client-certificates is request or required, not \"%s\"".formatted(word));
        };
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        if (wanted == ClientAuth.NONE) {
            return;
        }
        if (options.getTrustOptions() == null) {
            // Without this Java's own list would count, and every public authority could make a certificate for any
            // name.
            throw new IllegalArgumentException(
                    "a caller is known by a client certificate, but no trust store says whose certificates count: set"
                            + " quarkus.tls.trust-store.pem.certs to the authority that signs callers' certificates");
        }
        options.setClientAuth(wanted);
    }

    ClientAuth wanted() {
        return wanted;
    }
}
