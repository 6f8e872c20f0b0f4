package io.countersign.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The image as it is run in production: uid 10001, no capabilities, a read-only root and one writable volume. */
class RunningImageTest {
    private static final Fixtures FIXTURES =
            new Fixtures(Path.of("..", "fixtures").toAbsolutePath().normalize());
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String PASSWORD = "laboratory";
    /** With it, Java stops rather than start without its cache. */
    private static final Map<String, String> CACHE_OR_STOP = Map.of("JDK_JAVA_OPTIONS", "-XX:AOTMode=on");

    private static Path folder;
    private static BuiltImage image;
    private static Path root;

    @BeforeAll
    static void unpack() throws IOException {
        Container.assumeThatContainersRunHere();
        image = BuiltImage.read(BuiltImage.TRAINED);
        folder = Files.createTempDirectory("countersign-image-test-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        root = Files.createDirectory(folder.resolve("root"));
        Container.unpack(image, root);
    }

    @AfterAll
    static void remove() throws IOException {
        if (folder != null) {
            Trees.delete(folder);
        }
    }

    @Test
    void judgesAnSnpGuestWithItsGpuAndATrustDomainThroughTls()
            throws IOException, InterruptedException, GeneralSecurityException {
        int port = Container.freePort();
        Path configuration = configuration(port);
        Path data = Files.createDirectory(folder.resolve("data"));
        Container.give(data, 10001);
        var mounts = Map.of("/etc/countersign", configuration, "/var/lib/countersign", data);
        try (Container container = Container.start(image, root, List.of(), mounts, CACHE_OR_STOP);
                HttpClient client = HttpClient.newBuilder()
                        .sslContext(trusting(configuration.resolve("tls.p12")))
                        .build()) {
            URI service = URI.create("https://localhost:" + port);
            awaitReady(client, service, container);
            for (String name : List.of("nvidia-gpu/snp-and-a-gpu", "intel-tdx/v4", "sev-snp/milan-v5")) {
                var answer = client.send(
                        HttpRequest.newBuilder(service.resolve("/v1/appraisals"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(FIXTURES.request(name)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertEquals(200, answer.statusCode(), answer.body());
                JsonNode verdict = new ObjectMapper().readTree(answer.body());
                assertEquals("affirming", verdict.path("status").asText(), name);
            }
            String metrics = client.send(
                            HttpRequest.newBuilder(service.resolve("/q/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            assertTrue(
                    metrics.contains(
                            "countersign_signature_provider_fast{provider=\"AmazonCorrettoCryptoProvider\"} 1.0"),
                    "the native signature provider is in use");
            for (ProcessHandle each : container.inside()) {
                String status = Files.readString(Path.of("/proc", Long.toString(each.pid()), "status"));
                assertTrue(status.contains("Uid:\t10001\t10001\t10001\t10001"), status);
                assertTrue(status.contains("CapEff:\t0000000000000000"), status);
            }
            assertTrue(Files.isDirectory(data.resolve("keys")), "signing keys are kept in the volume");
        }
    }

    @Test
    void withoutAPlaceForItsDataItSaysWhatIsMissing() throws IOException, InterruptedException {
        try (Container container = Container.start(image, root, List.of(), Map.of(), Map.of())) {
            assertNotEquals(0, container.end());
            String log = container.log();
            assertTrue(log.contains("/var/lib/countersign/keys holds no signing key"), log);
            assertTrue(log.contains("where the folder can be written"), log);
        }
    }

    @Test
    void policiesAreLintedFromTheSameImage() throws IOException, InterruptedException {
        Path policies = Files.createDirectory(folder.resolve("policies"));
        Files.writeString(policies.resolve("typo.yaml"), "policy: typo\nversoin: \"1\"\n");
        var command =
                List.of("/opt/java/bin/java", "@/app/tools", "policy", "lint", "/etc/countersign/policies/typo.yaml");
        try (Container container =
                Container.start(image, root, command, Map.of("/etc/countersign/policies", policies), Map.of())) {
            assertEquals(1, container.end(), container.log());
            assertTrue(container.log().contains("versoin"), container.log());
        }
    }

    /** The configuration that an operator would mount, with a certificate for localhost. */
    private static Path configuration(int port) throws IOException, InterruptedException {
        Path place = Files.createDirectory(folder.resolve("configuration"));
        Files.createDirectory(place.resolve("policies"));
        Trees.copy(FIXTURES.anchors(), place.resolve("anchors.pem"));
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-alias",
                        "service",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        place.resolve("tls.p12").toString())
                .redirectErrorStream(true)
                .start();
        String printed = new String(keytool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), printed);
        Files.setPosixFilePermissions(place.resolve("tls.p12"), PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(place.resolve("application.properties"), """
                quarkus.http.host=127.0.0.1
                quarkus.http.ssl-port=%d
                quarkus.http.insecure-requests=disabled
                quarkus.http.ssl.certificate.key-store-file=/etc/countersign/tls.p12
                quarkus.http.ssl.certificate.key-store-password=%s
                countersign.collateral.offline=true
                countersign.insecure.enabled=true
                countersign.insecure.anchors=/etc/countersign/anchors.pem
                """.formatted(port, PASSWORD));
        return place;
    }

    private static SSLContext trusting(Path store) throws IOException, GeneralSecurityException {
        var certificate =
                KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray()).getCertificate("service");
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("service", certificate);
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    private static void awaitReady(HttpClient client, URI service, Container container)
            throws IOException, InterruptedException {
        Instant until = Instant.now().plus(PATIENCE);
        var request = HttpRequest.newBuilder(service.resolve("/q/health/ready")).build();
        while (container.isAlive() && Instant.now().isBefore(until)) {
            try {
                if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException _) {
                // It does not listen yet.
            }
            Thread.sleep(Duration.ofMillis(100));
        }
        throw new AssertionError("the service in the image was not ready; its log:\n" + container.log());
    }
}
