package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import io.countersign.service.signing.pkcs11.SoftHsm;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service with its signing keys in a PKCS#11 token, rotated by command, and with the token away. */
class SoftHsmIT {
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final String LABEL = "countersign";

    private final SoftHsm hsm;

    SoftHsmIT(@TempDir Path folder) throws IOException, InterruptedException {
        this.hsm = SoftHsm.in(folder).token("other").token(LABEL);
    }

    private static void await(String what, Callable<Boolean> holds) throws Exception {
        Instant until = Instant.now().plus(PATIENCE);
        while (!holds.call()) {
            assertTrue(Instant.now().isBefore(until), "not within " + PATIENCE + ": " + what);
            Thread.sleep(Duration.ofMillis(250));
        }
    }

    private PackagedService service(Attester attester) throws IOException, InterruptedException {
        return PackagedService.start(
                attester.amd(),
                Map.of(
                        "countersign.issuer",
                        "http://127.0.0.1:${quarkus.http.port}",
                        "countersign.token.rotation.poll",
                        "1s",
                        "countersign.token.pkcs11.library",
                        hsm.library().toString(),
                        "countersign.token.pkcs11.token-label",
                        LABEL,
                        "countersign.token.pkcs11.pin-file",
                        hsm.pinFile().toString()),
                Map.of("SOFTHSM2_CONF", hsm.configuration()));
    }

    private static JWSObject verified(String token, Publisher publisher) throws Exception {
        JWSObject jws = JWSObject.parse(token);
        ECKey key = publisher.published().stream()
                .filter(each -> each.getKeyID().equals(jws.getHeader().getKeyID()))
                .findFirst()
                .orElseThrow();
        assertTrue(jws.verify(new ECDSAVerifier(key)));
        return jws;
    }

    /** Run with the same variables as the service would be, and no options. */
    private String keys(PackagedService service, String... words) throws IOException, InterruptedException {
        Path app = Path.of("target", "quarkus-app").toAbsolutePath();
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                "%s/app/*:%s/lib/main/*:%s/lib/boot/*".formatted(app, app, app),
                "io.countersign.cli.Main",
                "keys"));
        command.addAll(List.of(words));
        command.add("--insecure");
        Programs.Ran ran = Programs.run(
                command,
                Map.of(
                        "SOFTHSM2_CONF", hsm.configuration(),
                        "COUNTERSIGN_DATA_DIR", service.folder().resolve("data").toString(),
                        "COUNTERSIGN_TOKEN_PKCS11_LIBRARY", hsm.library().toString(),
                        "COUNTERSIGN_TOKEN_PKCS11_TOKEN_LABEL", LABEL,
                        "COUNTERSIGN_TOKEN_PKCS11_PIN_FILE", hsm.pinFile().toString()),
                service.folder());
        assertEquals(0, ran.exit(), ran.output());
        return ran.output();
    }

    private static void assertNoPrivateKeyIsAFile(PackagedService service) throws IOException {
        try (Stream<Path> files = Files.walk(service.folder().resolve("data"))) {
            assertFalse(files.anyMatch(file -> file.toString().endsWith(".jwk")));
        }
    }

    @Test
    void keysLiveInTheTokenAndRotateByCommand() throws Exception {
        Attester attester = Attester.start();
        try (PackagedService service = service(attester)) {
            Publisher publisher = Publisher.discover(service.address() + "/insecure");
            String before = attester.token(service, PackagedService.AUDIENCE);
            String old = verified(before, publisher).getHeader().getKeyID();
            assertNoPrivateKeyIsAFile(service);

            String said = keys(service, "rotate", "--in", "4s", "--force-short-overlap");
            assertTrue(said.contains("ES256, PKCS#11 token"), said);
            await("the next key is published", () -> publisher.published().size() == 2);
            String[] after = {before};
            await("the next key signs", () -> {
                after[0] = attester.token(service, PackagedService.AUDIENCE);
                return !JWSObject.parse(after[0]).getHeader().getKeyID().equals(old);
            });
            verified(after[0], publisher);
            verified(before, publisher);

            keys(service, "withdraw", old);
            await("the old key is withdrawn", () -> publisher.published().size() == 1);
            keys(service, "prune");
            assertNotEquals(
                    old,
                    verified(attester.token(service, PackagedService.AUDIENCE), publisher)
                            .getHeader()
                            .getKeyID());
            assertNoPrivateKeyIsAFile(service);
        }
    }

    @Test
    void aTokenThatIsAwayIsAClearRefusalUntilItIsBack() throws Exception {
        Attester attester = Attester.start();
        try (PackagedService service = service(attester)) {
            Publisher publisher = Publisher.discover(service.address() + "/insecure");
            verified(attester.token(service, PackagedService.AUDIENCE), publisher);
            hsm.takeAway();
            await("not ready", () -> service.get("/q/health/ready").statusCode() == 503);
            Instant asked = Instant.now();
            HttpResponse<String> refused = attester.ask(service, PackagedService.AUDIENCE);
            assertEquals(503, refused.statusCode(), refused.body());
            assertTrue(refused.body().contains("\"signing-unavailable\""), refused.body());
            assertTrue(refused.headers().firstValue("Retry-After").isPresent());
            assertTrue(Duration.between(asked, Instant.now()).compareTo(Duration.ofSeconds(10)) < 0);
            assertEquals(1, publisher.published().size());
            hsm.bringBack();
            await("ready", () -> service.get("/q/health/ready").statusCode() == 200);
            verified(attester.token(service, PackagedService.AUDIENCE), publisher);
        }
    }

    @Test
    void aWrongPinStopsTheStartWithASentence() throws Exception {
        Files.writeString(hsm.pinFile(), "11111111\n");
        Attester attester = Attester.start();
        String said = "";
        try (PackagedService service = service(attester)) {
            said = "started at " + service.address();
        } catch (IllegalStateException e) {
            said = String.valueOf(e.getMessage());
        }
        assertTrue(said.contains("refuses the PIN in " + hsm.pinFile()), said);
        assertFalse(said.contains("11111111"), said);
    }
}
