package io.countersign.client.release;

import static io.countersign.client.testkit.TokenMaker.AUDIENCE;
import static io.countersign.client.testkit.TokenMaker.DIGEST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.countersign.client.AttestedKey;
import io.countersign.client.Bytes;
import io.countersign.client.release.WrappedSecret.Closed;
import io.countersign.client.release.WrappedSecret.Context;
import io.countersign.client.release.WrappedSecret.Opened;
import io.countersign.client.testkit.TokenMaker;
import io.countersign.client.token.TokenVerifier;
import io.countersign.client.token.Verdict;
import io.countersign.client.token.VerifiedToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WrappedSecretTest {
    private static final Bytes SECRET = Bytes.ofHex("5e".repeat(32));
    private static final SecretName NAME = new SecretName("db-master");
    private static final String ISSUER = "https://countersign.example";
    private static final TokenMaker MAKER = new TokenMaker(ISSUER, Curve.P_256);
    private static final ECKey EC = ec(Curve.P_256);
    private static final AttestedKey KEY = AttestedKey.parse(EC.toJSONString());

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before each test.
    Path folder;

    private static ECKey ec(Curve curve) {
        try {
            return new ECKeyGenerator(curve).generate();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<JWK> curves() {
        return Stream.of(EC, ec(Curve.P_384));
    }

    static Stream<JWK> kinds() throws Exception {
        return Stream.concat(curves(), Stream.of(new RSAKeyGenerator(2048).generate()));
    }

    private static VerifiedToken token(Map<String, Object> jwk) {
        String compact = MAKER.sign(MAKER.claims(Instant.now(), jwk));
        Verdict verdict =
                TokenVerifier.withKeys(ISSUER, AUDIENCE, TokenMaker.jwks(MAKER)).verify(compact);
        return assertInstanceOf(Verdict.Accepted.class, verdict).token();
    }

    private static Context context(VerifiedToken token) {
        return new Context(NAME, token.id(), DIGEST);
    }

    private static String wrapped(VerifiedToken token) {
        return assertInstanceOf(Closed.Jwe.class, WrappedSecret.wrap(SECRET, NAME, token))
                .compact();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatIsWrappedToTheAttestedKeyItOpens(JWK pair) {
        AttestedKey key = AttestedKey.parse(pair.toJSONString());
        VerifiedToken token = token(key.publicJwk());
        assertEquals(new Opened.Secret(SECRET), WrappedSecret.open(wrapped(token), key, context(token)));
    }

    @ParameterizedTest
    @MethodSource("curves")
    void joseOpensWhatIsWrappedHere(JWK pair) throws Exception {
        AttestedKey key = AttestedKey.parse(pair.toJSONString());
        Path keyFile = Files.writeString(folder.resolve("key.jwk"), pair.toJSONString());
        Path jwe = Files.writeString(folder.resolve("secret.jwe"), wrapped(token(key.publicJwk())));
        assertEquals(SECRET, Bytes.of(jose("jwe", "dec", "-i", jwe.toString(), "-k", keyFile.toString())));
    }

    @ParameterizedTest
    @MethodSource("curves")
    void opensWhatJoseWraps(JWK pair) throws Exception {
        AttestedKey key = AttestedKey.parse(pair.toJSONString());
        VerifiedToken token = token(key.publicJwk());
        String jwe = wrappedByJose(pair, "ECDH-ES+A256KW", "A256GCM", token);
        assertEquals(new Opened.Secret(SECRET), WrappedSecret.open(jwe, key, context(token)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ECDH-ES A256GCM",
                "ECDH-ES+A128KW A256GCM",
                "ECDH-ES+A256KW A128GCM",
                "ECDH-ES+A256KW A256CBC-HS512"
            })
    void refusesOtherAlgorithmsThoughTheKeyCouldOpenThem(String algorithms) throws Exception {
        VerifiedToken token = token(KEY.publicJwk());
        int space = algorithms.indexOf(' ');
        String jwe = wrappedByJose(EC, algorithms.substring(0, space), algorithms.substring(space + 1), token);
        assertInstanceOf(Opened.Refused.class, WrappedSecret.open(jwe, KEY, context(token)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA-OAEP", "RSA1_5"})
    void refusesOtherAlgorithmsOfRsa(String algorithm) throws Exception {
        RSAKey pair = new RSAKeyGenerator(2048).generate();
        AttestedKey key = AttestedKey.parse(pair.toJSONString());
        VerifiedToken token = token(key.publicJwk());
        var jwe =
                new JWEObject(header(JWEAlgorithm.parse(algorithm), token).build(), new Payload(SECRET.toByteArray()));
        jwe.encrypt(new RSAEncrypter(pair.toPublicJWK()));
        var refused = assertInstanceOf(Opened.Refused.class, WrappedSecret.open(jwe.serialize(), key, context(token)));
        assertEquals("alg RSA-OAEP-256", refused.expected());
    }

    private String wrappedByJose(JWK pair, String algorithm, String encryption, VerifiedToken token) throws Exception {
        Path keyFile =
                Files.writeString(folder.resolve("pub.jwk"), pair.toPublicJWK().toJSONString());
        Path plain = Files.write(folder.resolve("plain"), SECRET.toByteArray());
        String template = """
                {"protected": {"alg": "%s", "enc": "%s", "secret": "%s", "jti": "%s", "countersign_policy_digest": "%s"}}""".formatted(algorithm, encryption, NAME.text(), token.id(), DIGEST);
        byte[] jwe = jose("jwe", "enc", "-i", template, "-I", plain.toString(), "-k", keyFile.toString(), "-c");
        return new String(jwe, StandardCharsets.US_ASCII).strip();
    }

    private static byte[] jose(String... words) throws IOException, InterruptedException {
        return run(Stream.concat(Stream.of("jose"), Stream.of(words)).toList());
    }

    private static byte[] run(List<String> words) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(words)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException ignored) {
            assumeTrue(false, words.get(0) + " is not installed");
            return new byte[0];
        }
        byte[] printed = process.getInputStream().readAllBytes();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), words.get(0) + " ends");
        assertEquals(0, process.exitValue(), String.join(" ", words));
        return printed;
    }

    @Test
    void refusesASecretOfAnotherRelease() {
        VerifiedToken token = token(KEY.publicJwk());
        String jwe = wrapped(token);
        for (Context other : List.of(
                new Context(new SecretName("another"), token.id(), DIGEST),
                new Context(NAME, "another", DIGEST),
                new Context(NAME, token.id(), "sha256:" + "00".repeat(32)))) {
            assertInstanceOf(Opened.Refused.class, WrappedSecret.open(jwe, KEY, other));
        }
    }

    @Test
    void refusesAHeaderThatNamesNothing() throws Exception {
        var jwe = new JWEObject(
                new JWEHeader(JWEAlgorithm.ECDH_ES_A256KW, EncryptionMethod.A256GCM),
                new Payload(SECRET.toByteArray()));
        jwe.encrypt(new ECDHEncrypter(EC.toPublicJWK()));
        assertInstanceOf(
                Opened.Refused.class, WrappedSecret.open(jwe.serialize(), KEY, context(token(KEY.publicJwk()))));
    }

    @Test
    void refusesCompressedContent() throws Exception {
        VerifiedToken token = token(KEY.publicJwk());
        var jwe = new JWEObject(
                new JWEHeader.Builder(JWEAlgorithm.ECDH_ES_A256KW, EncryptionMethod.A256GCM)
                        .compressionAlgorithm(com.nimbusds.jose.CompressionAlgorithm.DEF)
                        .customParam("secret", NAME.text())
                        .customParam("jti", token.id())
                        .customParam("countersign_policy_digest", DIGEST)
                        .build(),
                new Payload(SECRET.toByteArray()));
        jwe.encrypt(new ECDHEncrypter(EC.toPublicJWK()));
        var refused = assertInstanceOf(Opened.Refused.class, WrappedSecret.open(jwe.serialize(), KEY, context(token)));
        assertEquals("a header without zip", refused.expected());
    }

    @Test
    void anotherKeyDoesNotOpenIt() {
        VerifiedToken token = token(KEY.publicJwk());
        assertInstanceOf(
                Opened.Refused.class, WrappedSecret.open(wrapped(token), AttestedKey.generate(), context(token)));
    }

    /** The header is authenticated with the content, so that not even an unchecked member can be changed. */
    @Test
    void noCharacterCanBeChanged() {
        VerifiedToken token = token(KEY.publicJwk());
        String jwe = wrapped(token);
        for (int at = 0; at < jwe.length(); at += 3) {
            char other = jwe.charAt(at) == 'A' ? 'B' : 'A';
            // The last character of a part has bits that no byte has; those are not content.
            boolean last = at + 1 == jwe.length() || jwe.charAt(at + 1) == '.';
            if (!last && jwe.charAt(at) != '.') {
                String changed = jwe.substring(0, at) + other + jwe.substring(at + 1);
                assertInstanceOf(
                        Opened.Refused.class, WrappedSecret.open(changed, KEY, context(token)), "character " + at);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b.c", "a.b.c.d.e", "....", "{}", "e30.e30.e30.e30.e30"})
    void refusesWhatIsNoJwe(String text) {
        assertInstanceOf(Opened.Refused.class, WrappedSecret.open(text, KEY, new Context(NAME, "a", DIGEST)));
    }

    @Test
    void doesNotWrapToAKeyThatIsNotTaken() throws Exception {
        var x25519 = Map.<String, Object>of(
                "kty", "OKP", "crv", "X25519", "x", "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08");
        var offCurve = new java.util.HashMap<>(KEY.publicJwk());
        offCurve.put("x", Bytes.ofHex("01".repeat(32)).base64Url());
        for (Map<String, Object> jwk : List.<Map<String, Object>>of(
                x25519,
                offCurve,
                EC.toJSONObject(),
                Map.of("kty", "RSA", "n", Bytes.ofHex("c1".repeat(128)).base64Url(), "e", "AQAB"))) {
            assertInstanceOf(Closed.Refused.class, WrappedSecret.wrap(SECRET, NAME, token(jwk)));
        }
    }

    private static JWEHeader.Builder header(JWEAlgorithm algorithm, VerifiedToken token) {
        return new JWEHeader.Builder(algorithm, EncryptionMethod.A256GCM)
                .customParam("secret", NAME.text())
                .customParam("jti", token.id())
                .customParam("countersign_policy_digest", DIGEST);
    }

    /** The command jose of some distributions reads no RSA keys; Node's own cryptography does. RFC 7516, section 5.1. */
    @Test
    void opensWhatNodeWrapsToRsaAndTheReverse() throws Exception {
        RSAKey pair = new RSAKeyGenerator(2048).generate();
        AttestedKey key = AttestedKey.parse(pair.toJSONString());
        VerifiedToken token = token(key.publicJwk());
        String header = header(JWEAlgorithm.RSA_OAEP_256, token).build().toString();
        String wrap = """
                const c = require('crypto');
                const [jwk, header, secret] = process.argv.slice(1);
                const protectedHeader = Buffer.from(header).toString('base64url');
                const cek = c.randomBytes(32), iv = c.randomBytes(12);
                const key = c.publicEncrypt({key: c.createPublicKey({key: JSON.parse(jwk), format: 'jwk'}), oaepHash: 'sha256'}, cek);
                const aes = c.createCipheriv('aes-256-gcm', cek, iv).setAAD(Buffer.from(protectedHeader));
                const text = Buffer.concat([aes.update(Buffer.from(secret, 'hex')), aes.final()]);
                console.log([protectedHeader, ...[key, iv, text, aes.getAuthTag()].map(b => b.toString('base64url'))].join('.'));
                """;
        String jwe = node(wrap, pair.toPublicJWK().toJSONString(), header, SECRET.hex());
        assertEquals(new Opened.Secret(SECRET), WrappedSecret.open(jwe, key, context(token)));
        String unwrap = """
                const c = require('crypto');
                const [jwk, jwe] = process.argv.slice(1);
                const [head, key, iv, text, tag] = jwe.split('.').map((p, i) => i ? Buffer.from(p, 'base64url') : p);
                const cek = c.privateDecrypt({key: c.createPrivateKey({key: JSON.parse(jwk), format: 'jwk'}), oaepHash: 'sha256'}, key);
                const aes = c.createDecipheriv('aes-256-gcm', cek, iv).setAAD(Buffer.from(head)).setAuthTag(tag);
                console.log(Buffer.concat([aes.update(text), aes.final()]).toString('hex'));
                """;
        assertEquals(SECRET.hex(), node(unwrap, pair.toJSONString(), wrapped(token)));
    }

    private static String node(String script, String... words) throws IOException, InterruptedException {
        return new String(
                        run(Stream.concat(Stream.of("node", "-e", script, "--"), Stream.of(words))
                                .toList()),
                        StandardCharsets.US_ASCII)
                .strip();
    }
}
