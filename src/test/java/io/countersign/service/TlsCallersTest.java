package io.countersign.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.testkit.TlsAuthority;
import io.countersign.testkit.TlsAuthority.Holder;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers that connect with client certificates, over TLS as it is. */
@QuarkusTest
@TestProfile(Guarded.class)
class TlsCallersTest {
    @Inject
    @ConfigProperty(name = "countersign.access.oidc.jwks-file")
    String jwksFile;

    @Inject
    @ConfigProperty(name = "quarkus.http.test-ssl-port")
    int port;

    @Inject
    TlsConfigurationRegistry tls;

    @Inject
    Event<CertificateUpdatedEvent> updated;

    private Path folder() {
        return Guarded.folder(jwksFile);
    }

    private X509Certificate servers() {
        try (var in = Files.newInputStream(folder().resolve("servers-ca.pem"))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        } catch (IOException | java.security.cert.CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Each on a connection of its own. */
    private int get(String path, Optional<String> certificate, String... headers)
            throws IOException, InterruptedException {
        Optional<Holder> shown = certificate.map(name -> Holder.read(folder(), name));
        try (var client = HttpClient.newBuilder()
                .sslContext(TlsAuthority.client(servers(), shown))
                .version(HttpClient.Version.HTTP_1_1)
                .build()) {
            var request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                    .timeout(Duration.ofSeconds(20));
            if (headers.length > 0) {
                request.headers(headers);
            }
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/.well-known/jwks.json, 200, 200, 200",
        "/v1/schemas/request.json, 200, 200, 401",
        "/q/health/live, 200, 200, 200",
        "/v1/challenges, 405, 401, 401",
        "/v1/attestations, 405, 401, 401",
        "/v1/policies, 403, 401, 401",
        "/q/metrics, 403, 401, 401",
        "/v1/tokens/introspect, 405, 401, 401",
        "/nothing, 404, 401, 401",
    })
    void whoConnectsWithACertificateIsItsCaller(String path, int mapped, int without, int unmapped)
            throws IOException, InterruptedException {
        assertEquals(mapped, get(path, Optional.of("mapped")));
        assertEquals(without, get(path, Optional.empty()));
        assertEquals(unmapped, get(path, Optional.of("unmapped")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"expired", "not-yet", "of-others", "for-servers"})
    void aCertificateThatTheAuthorityDoesNotVouchForGetsNoConnection(String certificate) {
        assertThrows(IOException.class, () -> get("/q/health/live", Optional.of(certificate)));
    }

    @Test
    void aSecretBesideACertificateIsOfTheSameCaller() throws IOException, InterruptedException {
        String secret = "Bearer " + Guarded.secret("reader");
        assertEquals(200, get("/v1/policies", Optional.empty(), "Authorization", secret));
        assertEquals(401, get("/v1/policies", Optional.of("mapped"), "Authorization", secret));
        assertEquals(401, get("/v1/policies", Optional.of("unmapped"), "Authorization", secret));
    }

    @Test
    void aNewAuthorityCountsFromTheNextConnectionAndCertificatesAreStillAskedFor()
            throws IOException, InterruptedException {
        Path trusted = folder().resolve("callers-ca.pem");
        String before = Files.readString(trusted);
        try {
            Files.copy(folder().resolve("others-ca.pem"), trusted, StandardCopyOption.REPLACE_EXISTING);
            reload("of-others");
            assertEquals(405, get("/v1/challenges", Optional.of("of-others")));
            assertThrows(IOException.class, () -> get("/v1/challenges", Optional.of("mapped")));
            assertEquals(401, get("/v1/challenges", Optional.empty()));
        } finally {
            Files.writeString(trusted, before);
            reload("mapped");
        }
        assertEquals(405, get("/v1/challenges", Optional.of("mapped")));
    }

    /** As the framework does every quarkus.tls.reload-period; the server takes it up on a thread of its own. */
    private void reload(String taken) throws InterruptedException {
        var configuration = tls.getDefault().orElseThrow();
        assertTrue(configuration.reload());
        updated.fire(new CertificateUpdatedEvent("<default>", configuration));
        Instant end = Instant.now().plusSeconds(20);
        while (Instant.now().isBefore(end)) {
            try {
                get("/q/health/live", Optional.of(taken));
                return;
            } catch (IOException _) {
                Thread.sleep(Duration.ofMillis(50));
            }
        }
    }
}
