package io.countersign.client.command;

import static io.countersign.client.testkit.StubService.json;
import static io.countersign.client.testkit.StubService.problem;
import static io.countersign.client.testkit.StubService.status;
import static io.countersign.client.testkit.TokenMaker.AUDIENCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.jwk.Curve;
import io.countersign.client.AttestedKey;
import io.countersign.client.Bytes;
import io.countersign.client.StrictJson;
import io.countersign.client.release.SecretName;
import io.countersign.client.release.WrappedSecret;
import io.countersign.client.testkit.FakeTsm;
import io.countersign.client.testkit.StubService;
import io.countersign.client.testkit.StubService.Reply;
import io.countersign.client.testkit.TokenMaker;
import io.countersign.client.token.TokenVerifier;
import io.countersign.client.token.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole command against a fake kernel, a fake collector, and stubs of service and KMS: codes, files and words. */
class MainTest {
    private static final Bytes NONCE = Bytes.ofHex("435301" + "07".repeat(37));

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before each test.
    Path folder;

    private final StubService service = new StubService();
    private final TokenMaker maker = new TokenMaker(service.url(), Curve.P_256);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<FakeTsm> kernels = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        Path entries = Files.createDirectory(folder.resolve("report"));
        kernels.add(new FakeTsm(entries, "sev_guest", Bytes::toByteArray, new byte[0]).start());
        service.on("/v1/challenges", json("{\"nonce\": \"" + NONCE.base64Url() + "\"}"));
        service.on(
                "/.well-known/openid-configuration",
                json("{\"issuer\": \"%1$s\", \"jwks_uri\": \"%1$s/.well-known/jwks.json\"}".formatted(service.url())));
        service.on("/.well-known/jwks.json", json(TokenMaker.jwks(maker)));
    }

    @AfterEach
    void close() {
        kernels.forEach(FakeTsm::close);
        service.close();
    }

    private int run(Map<String, String> environment, String... words) {
        out.reset();
        err.reset();
        return new Main(environment, new PrintStream(out, true), new PrintStream(err, true))
                .run(List.of(words))
                .code();
    }

    private int run(String... words) {
        return run(Map.of(), words);
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private Path at(String name) {
        return folder.resolve(name);
    }

    private static Reply attested(String token) {
        return json("{\"token\": \"" + token + "\", \"expires_at\": \"2026-11-23T12:05:00Z\"}");
    }

    private String goodToken(Path keyFile) throws IOException {
        return maker.sign(
                maker.claims(Instant.now(), AttestedKey.inFile(keyFile).publicJwk()));
    }

    private String[] attestWords(String... more) {
        var words = new ArrayList<>(List.of(
                "attest",
                "--service",
                service.url(),
                "--audience",
                AUDIENCE,
                "--configfs",
                at("report").toString(),
                "--key-file",
                at("key.jwk").toString(),
                "--token-file",
                at("token").toString(),
                "--patience",
                "0"));
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    @Test
    void attestsReleasesAndVerifies() throws Exception {
        String token = goodToken(at("key.jwk"));
        service.on("/v1/attestations", attested(token));
        assertEquals(0, run(attestWords()), this::said);
        assertEquals(token, Files.readString(at("token")));
        assertEquals("rw-------", permissions(at("token")));
        assertEquals("rw-------", permissions(at("key.jwk")));

        var verdict = TokenVerifier.withKeys(service.url(), AUDIENCE, TokenMaker.jwks(maker))
                .verify(token);
        var jwe = (WrappedSecret.Closed.Jwe)
                WrappedSecret.wrap(Bytes.ofHex("c0ffee"), new SecretName("db"), ((Verdict.Accepted) verdict).token());
        service.on("/v1/secrets/db/release", status(200, jwe.compact(), "Content-Type", "application/jose"));
        assertEquals(0, run(releaseWords("--out", at("secret").toString())), this::said);
        assertEquals(Bytes.ofHex("c0ffee"), Bytes.of(Files.readAllBytes(at("secret"))));
        assertEquals("rw-------", permissions(at("secret")));
        assertEquals(
                "Bearer " + token,
                service.requests("/v1/secrets/db/release").get(0).header("Authorization"));

        assertEquals(0, run(verifyWords("--key-bound", "--tee", "tdx,sev-snp", "--gpu-count=1")), this::said);
        assertEquals(
                "payments",
                StrictJson.object(out.toString(StandardCharsets.UTF_8))
                        .path("sub")
                        .asText());
        assertEquals(77, run(verifyWords("--gpu-count=8")));
        assertTrue(said().contains("gpu-count-wrong: expected 8 GPUs; found 1"), said());
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private String[] releaseWords(String... more) {
        var words = new ArrayList<>(List.of(
                "release",
                "--kms",
                service.url(),
                "--secret",
                "db",
                "--token-file",
                at("token").toString(),
                "--key-file",
                at("key.jwk").toString()));
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    private String[] verifyWords(String... more) {
        var words = new ArrayList<>(List.of(
                "verify",
                "--issuer",
                service.url(),
                "--audience",
                AUDIENCE,
                "--token-file",
                at("token").toString()));
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    @Test
    void sendsWhatTheCollectorGathersUnderTheNonceOfTheBinding() throws Exception {
        Path collector = at("collector");
        Files.writeString(
                collector,
                "#!/bin/sh\necho \"[{\\\"nonce\\\": \\\"$2\\\", \\\"evidence\\\": \\\"AQI=\\\", \\\"certificate\\\":"
                        + " \\\"Q0U=\\\"}]\"\n");
        Files.setPosixFilePermissions(collector, PosixFilePermissions.fromString("rwx------"));
        service.on("/v1/attestations", attested(goodToken(at("key.jwk"))));
        assertEquals(0, run(attestWords("--gpu-collector", collector + " --nonce {nonce}")), this::said);
        JsonNode request =
                StrictJson.object(service.requests("/v1/attestations").get(0).body());
        assertEquals("AQI=", request.at("/evidence/gpu0/evidence").asText());
        // The fake kernel's report is its input.
        assertEquals(
                kernels.get(0).written().get(0).base64(),
                request.at("/evidence/cpu0/report").asText());
    }

    @ParameterizedTest
    @CsvSource({
        "403,appraisal-refused,77",
        "422,evidence-malformed,65",
        "400,request-invalid,78",
        "403,audience-unknown,78",
        "404,not-found,78",
        "409,policy-digest-differs,78",
        "409,nonce-used,75",
        "410,nonce-expired,75",
        "429,rate-limited,75",
        "503,endorsement-unavailable,75",
        "500,internal-error,70"
    })
    void everyAnswerHasItsExitCodeAndSaysWhatToDo(int status, String code, int exit) {
        service.on("/v1/attestations", status(status, problem(status, code, "")));
        assertEquals(exit, run(attestWords()), this::said);
        assertTrue(said().contains("about " + code), said());
        String hint = "do: hint of " + code;
        assertTrue(said().contains(hint), said());
        assertEquals(said().indexOf(hint), said().lastIndexOf(hint), "once is enough");
        assertFalse(Files.exists(at("token")));
    }

    @Test
    void aServiceThatIsAwayIs69() {
        service.close();
        assertEquals(69, run(attestWords()));
        assertTrue(said().contains("cannot be reached"), said());
    }

    @Test
    void aFailedAttestationLeavesTheOldTokenAlone() throws Exception {
        Files.writeString(at("token"), "old");
        service.on("/v1/attestations", status(403, problem(403, "appraisal-refused", "")));
        assertEquals(77, run(attestWords()));
        assertEquals("old", Files.readString(at("token")));
    }

    @Test
    void printsEachFailedCheckWithWhatToDo() {
        service.on(
                "/v1/attestations",
                status(
                        403,
                        problem(
                                403,
                                "appraisal-refused",
                                ", \"submods\": {\"cpu0\": {\"checks\": [{\"code\": \"snp.binding\", \"outcome\": \"failed\", \"expected\":"
                                        + " \"aa\", \"actual\": \"b\\u001b[2Jb\", \"hint\": \"ask first\"}]}}")));
        run(attestWords());
        assertTrue(said().contains("cpu0: snp.binding failed; expected aa; found b [2Jb"), said());
        assertTrue(said().contains("do: ask first"), said());
    }

    @Test
    void optionsMayStandInTheEnvironment() throws Exception {
        service.on("/v1/attestations", attested(goodToken(at("key.jwk"))));
        var environment = Map.of(
                "COUNTERSIGN_SERVICE", service.url(),
                "COUNTERSIGN_AUDIENCE", AUDIENCE,
                "COUNTERSIGN_CONFIGFS", at("report").toString(),
                "COUNTERSIGN_KEY_FILE", at("key.jwk").toString(),
                "COUNTERSIGN_TOKEN_FILE", at("token").toString());
        assertEquals(0, run(environment, "attest"), this::said);
    }

    @Test
    void aMachineWithoutReportsIsAMatterOfConfiguration() {
        assertEquals(
                78,
                run("attest", "--service", service.url(), "--audience", AUDIENCE, "--configfs", at("no").toString()));
        assertTrue(said().contains("mount -t configfs"), said());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "dance",
                "attest",
                "attest --service",
                "attest --audience a --audience b",
                "attest --unknown x",
                "attest stray",
                "attest --service https://a --audience b --patience soon",
                "release --kms https://kms",
                "verify"
            })
    void wrongWordsAreAUsageError(String words) {
        assertEquals(
                64,
                run(java.util.regex.Pattern.compile(" ")
                        .splitAsStream(words)
                        .filter(word -> !word.isEmpty())
                        .toArray(String[]::new)));
        assertFalse(said().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://countersign.example",
                "countersign.example",
                "ftp://countersign.example",
                "https://",
                "https://countersign.example/",
                "https://user@countersign.example",
                "https://countersign.example?x",
                "https://counter sign"
            })
    void aUrlThatWillNotDoIsAMatterOfConfiguration(String url) {
        assertEquals(78, run("attest", "--service", url, "--audience", AUDIENCE));
    }

    @Test
    void doesNotUseAKeyThatOthersMayRead() throws Exception {
        AttestedKey.inFile(at("key.jwk"));
        Files.setPosixFilePermissions(at("key.jwk"), PosixFilePermissions.fromString("rw-r-----"));
        assertEquals(78, run(attestWords()));
        assertTrue(said().contains("chmod 600"), said());
    }

    @Test
    void saysBeforehandThatTheTokenHasNoPlace() {
        assertEquals(
                78,
                run(
                        "attest",
                        "--service",
                        service.url(),
                        "--audience",
                        AUDIENCE,
                        "--token-file",
                        at("absent/token").toString()));
        assertEquals(0, service.requests().size());
    }

    @ParameterizedTest
    @CsvSource({"401,77", "403,77", "404,78", "503,75", "500,70", "302,78"})
    void everyAnswerOfAKmsHasItsExitCode(int status, int exit) throws Exception {
        prepareRelease();
        service.on("/v1/secrets/db/release", status(status, problem(status, "key-unusable", "")));
        assertEquals(exit, run(releaseWords()), this::said);
        assertEquals(0, out.size());
    }

    @Test
    void aSecretThatIsNotWrappedIsNotUsed() throws Exception {
        prepareRelease();
        service.on("/v1/secrets/db/release", json("c0ffee"));
        assertEquals(77, run(releaseWords()), this::said);
        assertEquals(0, out.size());
    }

    @Test
    void releaseMakesNoKey() throws Exception {
        prepareRelease();
        Files.delete(at("key.jwk"));
        assertEquals(78, run(releaseWords()));
        assertFalse(Files.exists(at("key.jwk")));
    }

    private void prepareRelease() throws IOException {
        Files.writeString(at("token"), goodToken(at("key.jwk")));
        Files.setPosixFilePermissions(at("token"), PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void verifySaysWhatIsWrongWithAToken() throws Exception {
        Files.writeString(at("token"), "garbage");
        assertEquals(65, run(verifyWords()));
        Map<String, Object> claims = maker.claims(Instant.now());
        claims.put("aud", "https://other.example");
        Files.writeString(at("token"), maker.sign(claims));
        assertEquals(77, run(verifyWords()));
        assertTrue(said().contains("audience-wrong"), said());
        service.on("/.well-known/jwks.json", status(503, "{}"));
        assertEquals(69, run(verifyWords()));
        Path keys = Files.writeString(at("jwks"), TokenMaker.jwks(maker));
        claims.put("aud", AUDIENCE);
        Files.writeString(at("token"), maker.sign(claims));
        assertEquals(0, run(verifyWords("--jwks", keys.toString())), this::said);
    }

    @Test
    void helpIsHelp() {
        assertEquals(0, run("help"));
        assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("Usage:"));
    }
}
