package io.countersign.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.countersign.clients.BootClient.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the client gets a secret for its token, and which wrapped secrets it does not open. */
class ShellReleaseTest extends BootTest {
    private static final String CONTENT = "the secret\nin two lines";

    @BeforeEach
    void attested() throws Exception {
        AttestedKeys.write("ec:P-256", client.key());
        Files.writeString(client.token(), StubService.TOKEN);
    }

    private Ran release(String... more) throws IOException, InterruptedException {
        return client.run("release", released(more));
    }

    private String[] released(String... more) {
        var all = new java.util.ArrayList<>(List.of(options()));
        all.addAll(List.of("--kms", service.address(), "--secret", StubService.SECRET));
        all.addAll(List.of("--out", client.secret().toString()));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private ECKey key() throws Exception {
        return AttestedKeys.publicJwk("ec:P-256", client.key()).toECKey();
    }

    private static JWEHeader.Builder header(JWEAlgorithm algorithm) {
        return new JWEHeader.Builder(algorithm, EncryptionMethod.A256GCM)
                .customParam("secret", StubService.SECRET)
                .customParam("jti", StubService.TOKEN_ID)
                .customParam("countersign_policy_digest", StubService.POLICY_DIGEST);
    }

    private static StubService.Answer wrapped(JWEHeader header, ECKey key) throws JOSEException {
        var jwe = new JWEObject(header, new Payload(CONTENT));
        jwe.encrypt(new ECDHEncrypter(key));
        return StubService.text(200, "application/jose", jwe.serialize());
    }

    private StubService.Answer good() throws Exception {
        return wrapped(header(JWEAlgorithm.ECDH_ES_A256KW).build(), key());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "busybox sh", "bash --posix"})
    void opensWhatIsWrappedToItsKey(String shell) throws Exception {
        BootClient.assumeInstalled("jose");
        client = BootClient.in(folder, shell);
        service.on(StubService.RELEASE, good());
        assertEnds(0, release());
        assertEquals(CONTENT, Files.readString(client.secret()));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(client.secret())));
        assertEquals(List.of(), BootClient.inside(client.temporary()));
    }

    @Test
    void opensWithAKeyOfP384() throws Exception {
        BootClient.assumeInstalled("jose");
        AttestedKeys.write("ec:P-384", client.key());
        ECKey key = AttestedKeys.publicJwk("ec:P-384", client.key()).toECKey();
        service.on(
                StubService.RELEASE, wrapped(header(JWEAlgorithm.ECDH_ES_A256KW).build(), key));
        assertEnds(0, release());
        assertEquals(CONTENT, Files.readString(client.secret()));
    }

    @Test
    void leavesItWrappedWhereNothingOpensIt() throws Exception {
        AttestedKeys.write("rsa:2048", client.key());
        RSAKey key = AttestedKeys.publicJwk("rsa:2048", client.key()).toRSAKey();
        var jwe = new JWEObject(header(JWEAlgorithm.RSA_OAEP_256).build(), new Payload(CONTENT));
        jwe.encrypt(new RSAEncrypter(key));
        service.on(StubService.RELEASE, StubService.text(200, "application/jose", jwe.serialize()));
        assertEnds(0, release(), "secret.jwe");
        assertEquals(jwe.serialize(), Files.readString(Path.of(client.secret() + ".jwe")));
        assertFalse(Files.exists(client.secret()));
    }

    @Test
    void leavesItWrappedWithoutJose() throws Exception {
        for (String name : List.of(
                "sh", "curl", "openssl", "awk", "sed", "od", "dd", "grep", "head", "mkfifo", "mktemp", "timeout", "tr",
                "cat", "mkdir", "dirname", "ls", "mv", "rm", "wc", "sleep", "rmdir", "cut")) {
            for (String place : List.of("/usr/bin/", "/bin/")) {
                if (Files.exists(Path.of(place + name))) {
                    client.program(name, "exec %s%s \"$@\"".formatted(place, name));
                }
            }
        }
        client.with("PATH", folder.resolve("bin").toString());
        service.on(StubService.RELEASE, good());
        assertEnds(0, release(), "there is no jose here");
        assertTrue(Files.exists(Path.of(client.secret() + ".jwe")));
    }

    private void assertNotOpened(StubService.Answer answer, String saying) throws Exception {
        service.on(StubService.RELEASE, answer);
        assertEnds(77, release(), saying);
        assertFalse(Files.exists(client.secret()));
        assertFalse(Files.exists(Path.of(client.secret() + ".jwe")));
    }

    private void assertHeaderRefused(UnaryOperator<JWEHeader.Builder> change, String saying) throws Exception {
        assertNotOpened(
                wrapped(change.apply(header(JWEAlgorithm.ECDH_ES_A256KW)).build(), key()), saying);
    }

    @Test
    void doesNotOpenTheSecretOfAnotherRelease() throws Exception {
        assertHeaderRefused(header -> header.customParam("secret", "another"), "says secret \"another\"");
        assertHeaderRefused(header -> header.customParam("jti", "of-an-older-token"), "says jti");
        assertHeaderRefused(
                header -> header.customParam("countersign_policy_digest", "sha256:def"), "countersign_policy_digest");
        assertHeaderRefused(header -> header.customParam("jti", null), "says jti");
    }

    @Test
    void doesNotOpenUnderOtherAlgorithmsThoughItCould() throws Exception {
        assertNotOpened(wrapped(header(JWEAlgorithm.ECDH_ES).build(), key()), "no JWE");
        assertNotOpened(wrapped(header(JWEAlgorithm.ECDH_ES_A128KW).build(), key()), "says alg");
        assertNotOpened(
                wrapped(
                        new JWEHeader.Builder(
                                        header(JWEAlgorithm.ECDH_ES_A256KW).build())
                                .compressionAlgorithm(com.nimbusds.jose.CompressionAlgorithm.DEF)
                                .build(),
                        key()),
                "not taken");
        assertNotOpened(
                wrapped(
                        new JWEHeader.Builder(JWEAlgorithm.ECDH_ES_A256KW, EncryptionMethod.A128CBC_HS256)
                                .customParam("secret", StubService.SECRET)
                                .customParam("jti", StubService.TOKEN_ID)
                                .customParam("countersign_policy_digest", StubService.POLICY_DIGEST)
                                .build(),
                        key()),
                "says enc");
    }

    @Test
    void doesNotOpenWhatIsWrappedToAnotherKey() throws Exception {
        BootClient.assumeInstalled("jose");
        assertNotOpened(
                wrapped(
                        header(JWEAlgorithm.ECDH_ES_A256KW).build(),
                        new ECKeyGenerator(Curve.P_256).generate().toPublicJWK()),
                "does not open");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "the secret itself", "a.b.c", "....", "{\"ciphertext\":\"x\"}"})
    void whatIsNotWrappedIsNotStored(String body) throws Exception {
        assertNotOpened(StubService.text(200, "application/jose", body), "key service");
    }

    @ParameterizedTest
    @CsvSource({"401, token-inactive, 77", "403, forbidden, 77", "404, not-found, 77", "400, request-invalid, 78"})
    void doesNotAskAgainWhereTheKeyServiceSaysNo(int status, String code, int exit) throws Exception {
        service.on(StubService.RELEASE, StubService.problem(status, code));
        assertEnds(exit, release());
        assertEquals(1, service.asked(StubService.RELEASE).size());
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503})
    void asksAgainWhereTheKeyServiceIsBusy(int status) throws Exception {
        client.withoutPauses();
        service.on(StubService.RELEASE, StubService.problem(status, "busy"), good());
        assertEnds(0, release());
        assertEquals(2, service.asked(StubService.RELEASE).size());
    }

    @Test
    void attestsOnceMoreWhenALostReleaseUsedTheTokenUp() throws Exception {
        client.withoutPauses();
        service.on(StubService.RELEASE, StubService.lost(), StubService.problem(401, "token-consumed"), good());
        assertEnds(0, client.run("run", released()), "attesting once more");
        assertEquals(2, service.asked(StubService.ATTESTATIONS).size());
        assertEquals(3, service.asked(StubService.RELEASE).size());
    }

    @Test
    void attestsOnlyOnceMore() throws Exception {
        client.withoutPauses();
        service.on(StubService.RELEASE, StubService.problem(401, "token-consumed"));
        assertEnds(77, client.run("run", released()), "attest again");
        assertEquals(2, service.asked(StubService.ATTESTATIONS).size());
        assertEquals(2, service.asked(StubService.RELEASE).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "a/b", "a?b", "-a", "%2e%2e", "a b"})
    void aSecretsNameIsNoPath(String name) throws Exception {
        assertEnds(64, release("--secret", name), "--secret");
        assertEquals(0, service.asked().size());
    }

    @Test
    void aTokenThatIsNoneIsNotShown() throws Exception {
        Files.writeString(client.token(), "a.b.c\r\nX-Header: injected\r\n");
        assertEnds(78, release(), "attest first");
        assertEquals(0, service.asked().size());
    }
}
