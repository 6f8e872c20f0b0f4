package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.insecure.DemoAttester;
import io.countersign.testkit.TlsAuthority;
import io.countersign.testkit.TlsAuthority.Holder;
import io.countersign.testkit.TlsAuthority.Wish;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Roles, secrets and client certificates of the packaged service, all of them set when it is started. */
class AccessIT {
    private static final String SECRET = "operator_operator_operator_operator_operato";
    private static final TlsAuthority SERVERS = new TlsAuthority("servers ca");
    private static final TlsAuthority CALLERS = new TlsAuthority("callers ca");
    private static final TlsAuthority NEXT = new TlsAuthority("next callers ca");
    private static final Wish KMS = Wish.client("kms").uris("spiffe://example.org/kms");

    private static Path folder;
    private static int port;
    private static DemoAttester amd;
    private static PackagedService service;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        folder = Files.createTempDirectory("countersign-proof-tls-");
        port = PackagedService.freePort();
        SERVERS.make(Wish.server()).write(folder, "server");
        Files.setPosixFilePermissions(folder.resolve("server.key"), PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(folder.resolve("callers-ca.pem"), CALLERS.pem());
        amd = DemoAttester.start(new SecureRandom(), Instant.now());
        service = PackagedService.start(
                amd,
                settings(),
                Map.of(
                        "COUNTERSIGN_CALLERS_OPERATOR_SECRET_SHA256",
                        Bytes.utf8(SECRET).sha256().toString(),
                        "COUNTERSIGN_CALLERS_OPERATOR_ROLES",
                        "operate"));
    }

    private static Map<String, String> settings() {
        var settings = new TreeMap<String, String>();
        settings.put("quarkus.http.ssl-port", Integer.toString(port));
        settings.put("quarkus.http.tls-configuration-name", "callers");
        settings.put(
                "quarkus.tls.callers.key-store.pem.0.cert",
                folder.resolve("server.pem").toString());
        settings.put(
                "quarkus.tls.callers.key-store.pem.0.key",
                folder.resolve("server.key").toString());
        settings.put(
                "quarkus.tls.callers.trust-store.pem.certs",
                folder.resolve("callers-ca.pem").toString());
        settings.put("quarkus.tls.callers.reload-period", "30s");
        settings.put("countersign.callers.kms.certificate-san", "URI:spiffe://example.org/kms");
        settings.put("countersign.callers.kms.roles", "attest");
        return settings;
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static int ask(String method, String path, Optional<Holder> shown, String... headers)
            throws IOException, InterruptedException {
        try (var client = HttpClient.newBuilder()
                .sslContext(TlsAuthority.client(SERVERS.certificate(), shown))
                .version(HttpClient.Version.HTTP_1_1)
                .build()) {
            var request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                    .timeout(Duration.ofSeconds(20))
                    .method(method, HttpRequest.BodyPublishers.noBody());
            if (headers.length > 0) {
                request.headers(headers);
            }
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        }
    }

    @Test
    void certificatesAndRolesCountFromTheStart() throws IOException, InterruptedException {
        Optional<Holder> kms = Optional.of(CALLERS.make(KMS));
        assertEquals(200, ask("POST", "/v1/challenges", kms));
        assertEquals(403, ask("GET", "/v1/policies", kms));
        assertEquals(403, ask("GET", "/q/metrics", kms));
        assertEquals(401, ask("POST", "/v1/challenges", Optional.empty()));
        assertEquals(401, ask("POST", "/v1/challenges", Optional.of(CALLERS.make(Wish.client("kms")))));
        var others = Optional.of(new TlsAuthority("others").make(KMS));
        assertThrows(IOException.class, () -> ask("POST", "/v1/challenges", others));
        assertEquals(200, ask("GET", "/q/metrics", Optional.empty(), "Authorization", "Bearer " + SECRET));
        assertEquals(200, ask("GET", "/.well-known/jwks.json", Optional.empty()));
    }

    @Test
    void theOtherPortIsNoWayAroundIt() throws IOException, InterruptedException {
        assertEquals(401, service.post("/v1/challenges", "{}").statusCode());
        assertEquals(401, service.post("/v1/appraisals", "{}").statusCode());
        assertEquals(401, service.get("/v1/policies").statusCode());
        assertEquals(401, service.get("/q/metrics").statusCode());
        assertEquals(401, service.get("/q/swagger-ui/x/y").statusCode());
        assertEquals(200, service.get("/q/health/ready").statusCode());
        assertFalse(service.get("/q/health/ready").body().contains("signing"));
    }

    @Test
    void theLogSaysWhoMayDoWhatAndWhoseFilesAreOpenAndNoSecret() throws IOException {
        String log = service.log();
        assertTrue(
                log.contains("access: by role. Who does not say who he is may do nothing beside what is public"), log);
        assertTrue(log.contains("quarkus.tls.callers.key-store.pem.0.key"), log);
        assertFalse(log.contains(SECRET), log);
    }

    @Test
    void aNewAuthorityCountsWithoutARestart() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("callers-ca.pem"), CALLERS.pem() + NEXT.pem());
        Optional<Holder> next = Optional.of(NEXT.make(KMS));
        Instant end = Instant.now().plusSeconds(90);
        int status = 0;
        while (status != 200 && Instant.now().isBefore(end)) {
            try {
                status = ask("POST", "/v1/challenges", next);
            } catch (IOException _) {
                Thread.sleep(Duration.ofSeconds(1));
            }
        }
        assertEquals(200, status);
        assertEquals(401, ask("POST", "/v1/challenges", Optional.empty()));
        assertEquals(200, ask("POST", "/v1/challenges", Optional.of(CALLERS.make(KMS))));
    }

    @Test
    void whatIsWrongStopsTheStartAndNamesItsKey() {
        var wrong = new TreeMap<String, Map<String, String>>();
        wrong.put("countersign.callers.a.roles", Map.of("countersign.callers.a.roles", "admin"));
        wrong.put("countersign.access.anonymous", Map.of("countersign.access.anonymous", "everything"));
        wrong.put("does not speak TLS", Map.of("countersign.callers.a.certificate-san", "DNS:a.example"));
        wrong.forEach((sentence, changes) -> {
            var settings = new TreeMap<>(Map.of(
                    "countersign.callers.a.secret-sha256",
                    Bytes.utf8(SECRET).sha256().toString(),
                    "countersign.callers.a.roles",
                    "attest"));
            settings.putAll(changes);
            String why =
                    String.valueOf(assertThrows(IllegalStateException.class, () -> PackagedService.start(amd, settings))
                            .getMessage());
            assertTrue(why.contains(sentence), why);
        });
    }
}
