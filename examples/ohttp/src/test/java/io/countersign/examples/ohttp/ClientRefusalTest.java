package io.countersign.examples.ohttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.PlainHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.countersign.examples.ohttp.Expectations.Machines;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each refusal, and that nothing was sent when it came. What is good here is shown by the first test. */
class ClientRefusalTest {
    private static final byte[] QUESTION = {1, 2, 3};

    private final GatewayKey key = GatewayKey.generate(1, Kem.P256);
    private StandInIssuer issuer;
    private FakeGateway gateway;
    private Map<String, Object> claims;

    @BeforeEach
    void startWithEverythingGood() throws IOException {
        issuer = StandInIssuer.start(Curve.P_256);
        gateway = FakeGateway.start();
        claims = issuer.claims(key.attestedJwk(), Instant.now());
        claims.remove("countersign_insecure");
        gateway.configs = KeyConfig.encodeList(List.of(key.config()));
        gateway.token = issuer.sign(claims);
    }

    @AfterEach
    void stop() {
        gateway.close();
        issuer.close();
    }

    /** The counterpart of every other test: with nothing spoilt, the request leaves. */
    @Test
    void aGoodGatewayIsSentTheRequest() {
        assertThrows(IOException.class, this::ask);
        assertEquals(1, gateway.requests());
    }

    @ParameterizedTest
    @EnumSource(Kem.class)
    void anotherKeyIsRefused(Kem kem) {
        GatewayKey attested = GatewayKey.generate(1, kem);
        gateway.token =
                issuer.sign(with("cnf", Map.of("jwk", attested.attestedJwk().toJSONObject())));
        gateway.configs =
                KeyConfig.encodeList(List.of(GatewayKey.generate(1, kem).config()));
        assertRefused("The token attests the key " + attested.thumbprint() + ", and the gateway serves");
    }

    @Test
    void aKeyOfAnotherKemIsRefused() {
        gateway.configs = KeyConfig.encodeList(List.of(
                GatewayKey.generate(1, Kem.X25519).config(),
                GatewayKey.generate(2, Kem.P384).config()));
        assertRefused("The token attests a key of P-256, and the gateway serves keys of X25519, P-384");
    }

    /** The same 32 bytes as a signature key are another key. */
    @Test
    void anAttestedSignatureKeyOfTheSameBytesIsRefused() {
        GatewayKey other = GatewayKey.generate(1, Kem.X25519);
        Map<String, Object> jwk = other.attestedJwk().toJSONObject();
        jwk.put("crv", "Ed25519");
        gateway.configs = KeyConfig.encodeList(List.of(other.config()));
        gateway.token = issuer.sign(with("cnf", Map.of("jwk", jwk)));
        assertRefused("The token attests a key of Ed25519");
    }

    @Test
    void configurationsCutShortOrWithBytesBehindThemAreRefused() {
        byte[] good = gateway.configs;
        for (int length : new int[] {0, 1, 2, 5, good.length - 1, good.length + 1}) {
            gateway.configs = Arrays.copyOf(good, length);
            assertRefused("");
        }
    }

    @Test
    void suitesThatNobodyKnowsAreRefused() {
        byte[] configs = gateway.configs;
        for (int end = configs.length; end > configs.length - 12; end -= 4) {
            configs[end - 1] = 0x7f;
        }
        gateway.configs = configs;
        assertRefused("The gateway offers for the attested key only");
    }

    @ParameterizedTest
    @CsvSource({
        "iss, https://other.example",
        "aud, https://kms.example",
        "ear_status, warning",
        "ear_status, contraindicated",
        "countersign_policy_id, development",
        "countersign_policy_digest, sha256:00",
        "countersign_workload, any",
        "countersign_key_bound, true",
        "exp, 4102444800",
        "cnf, key"
    })
    void aClaimWithAnotherValueIsRefused(String claim, String value) {
        gateway.token = issuer.sign(with(claim, value));
        assertRefused("The token's " + (claim.equals("cnf") ? "cnf.jwk" : claim) + " is ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "iss",
                "aud",
                "exp",
                "nbf",
                "iat",
                "ear_status",
                "countersign_policy_id",
                "countersign_policy_digest",
                "countersign_workload",
                "countersign_key_bound",
                "cnf"
            })
    void anAbsentClaimIsRefused(String claim) {
        claims.remove(claim);
        gateway.token = issuer.sign(claims);
        assertRefused("The token");
    }

    @Test
    void aTokenWhoseKeyIsNotBoundIsRefused() {
        gateway.token = issuer.sign(with("countersign_key_bound", false));
        assertRefused("The token's countersign_key_bound is false; expected true");
    }

    @Test
    void aTokenIsRefusedFromTheSecondOfItsEndOn() throws Exception {
        Instant end = Instant.now().plusSeconds(100).truncatedTo(ChronoUnit.SECONDS);
        gateway.token = issuer.sign(with("exp", end.getEpochSecond()));
        assertThrows(
                IOException.class, () -> ask(expected(Machines.PRODUCTION), InstantSource.fixed(end.minusMillis(1))));
        assertEquals(1, gateway.requests(), "a millisecond before its end it is good");
        RefusedException refusal = assertThrows(
                RefusedException.class, () -> ask(expected(Machines.PRODUCTION), InstantSource.fixed(end)));
        assertTrue(String.valueOf(refusal.getMessage()).startsWith("The token ended at " + end));
        assertEquals(1, gateway.requests());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nbf", "iat"})
    void aTokenOfTheFutureIsRefused(String claim) {
        gateway.token = issuer.sign(with(claim, Instant.now().getEpochSecond() + 90));
        assertRefused("The token's " + claim + " is ");
    }

    @Test
    void aLaboratorysTokenIsRefusedUnlessAskedFor() {
        gateway.token = issuer.sign(with("countersign_insecure", true));
        assertRefused("The token is a laboratory's");
        assertThrows(IOException.class, () -> ask(expected(Machines.LABORATORY_TOO), InstantSource.system()));
        assertEquals(1, gateway.requests());
    }

    @Test
    void anUnsignedTokenIsRefused() throws Exception {
        gateway.token = new PlainJWT(
                        new PlainHeader(new JOSEObjectType("eat+jwt"), null, null, null, null),
                        JWTClaimsSet.parse(claims))
                .serialize();
        assertRefused("The token is not a signed JWT");
    }

    @Test
    void aTokenWithAnotherSignatureIsRefused() {
        int signature = gateway.token.lastIndexOf('.') + 1;
        gateway.token = gateway.token.substring(0, signature)
                + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64]);
        assertRefused("The token's signature");
    }

    @Test
    void aTokenOfAnotherIssuersKeyIsRefusedUnderAnyKeyId() throws Exception {
        ECKey other = new ECKeyGenerator(Curve.P_256).keyID("other").generate();
        gateway.token =
                StandInIssuer.sign(header(JWSAlgorithm.ES256).keyID("other").build(), claims, other);
        assertRefused("The token names the key other, which");
        gateway.token = StandInIssuer.sign(
                header(JWSAlgorithm.ES256)
                        .keyID(issuer.keyId())
                        .jwk(other.toPublicJWK())
                        .build(),
                claims,
                other);
        assertRefused("The token's signature is not valid");
        gateway.token = StandInIssuer.sign(
                header(JWSAlgorithm.ES256).jwk(other.toPublicJWK()).build(), claims, other);
        assertRefused("The token names the key null, which");
    }

    @Test
    void anAlgorithmThatIsNotTheKeysIsRefused() throws Exception {
        ECKey other = new ECKeyGenerator(Curve.P_384).keyID(issuer.keyId()).generate();
        gateway.token = StandInIssuer.sign(
                header(JWSAlgorithm.ES384).keyID(issuer.keyId()).build(), claims, other);
        assertRefused("The token's alg is ES384; expected ES256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "EAT+JWT", "at+jwt"})
    void anotherKindOfTokenIsRefused(String type) throws Exception {
        ECKey any = new ECKeyGenerator(Curve.P_256).generate();
        gateway.token = StandInIssuer.sign(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType(type))
                        .keyID(issuer.keyId())
                        .build(),
                claims,
                any);
        assertRefused("The token's typ is " + type + "; expected eat+jwt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b.c", "eyJhbGciOiJFUzI1NiJ9..", "not a token"})
    void whatIsNoTokenIsRefused(String text) {
        gateway.token = text;
        assertRefused("The token");
    }

    @Test
    void anAttestedPrivateKeyIsRefused() throws Exception {
        ECKey known = new ECKeyGenerator(Curve.P_256).generate();
        gateway.configs = KeyConfig.encodeList(
                List.of(GatewayKey.fromJwk(1, known.toJSONString()).config()));
        gateway.token = issuer.sign(with("cnf", Map.of("jwk", known.toJSONObject())));
        assertRefused("The token's cnf.jwk is a private key");
    }

    @Test
    void aTokenWithACriticalHeaderIsRefused() throws Exception {
        ECKey any = new ECKeyGenerator(Curve.P_256).generate();
        gateway.token = StandInIssuer.sign(
                header(JWSAlgorithm.ES256)
                        .keyID(issuer.keyId())
                        .criticalParams(Set.of("exp"))
                        .build(),
                claims,
                any);
        assertRefused("The token has critical header members");
    }

    @Test
    void anIssuerThatCannotBeReachedEndsWithoutSending() {
        issuer.close();
        assertThrows(IOException.class, this::ask);
        assertEquals(0, gateway.requests());
    }

    @Test
    void anIssuerThatNamesItselfOtherwiseIsRefused() {
        var expected = new Expectations(
                URI.create(issuer.address().toString().replace("127.0.0.1", "localhost")),
                StandInIssuer.AUDIENCE,
                StandInIssuer.POLICY,
                Optional.empty(),
                Machines.PRODUCTION);
        RefusedException refusal = assertThrows(RefusedException.class, () -> ask(expected, InstantSource.system()));
        assertTrue(String.valueOf(refusal.getMessage()).startsWith("The discovery document below"));
        assertEquals(0, gateway.requests());
    }

    @Test
    void addressesWithoutTlsAreForThisMachineAlone() {
        for (String address : List.of("http://gateway.example", "ftp://127.0.0.1", "gateway", "http:///x")) {
            assertThrows(IllegalArgumentException.class, () -> Web.demandSafe(URI.create(address)), address);
        }
        Web.demandSafe(URI.create("https://gateway.example"));
        Web.demandSafe(URI.create("http://127.0.0.1:8080"));
    }

    private static JWSHeader.Builder header(JWSAlgorithm algorithm) {
        return new JWSHeader.Builder(algorithm).type(new JOSEObjectType("eat+jwt"));
    }

    private Map<String, Object> with(String claim, Object value) {
        claims.put(claim, value);
        return claims;
    }

    private Expectations expected(Machines machines) {
        return new Expectations(
                issuer.address(),
                StandInIssuer.AUDIENCE,
                StandInIssuer.POLICY,
                Optional.of(StandInIssuer.DIGEST),
                machines);
    }

    private void assertRefused(String beginning) {
        RefusedException refusal = assertThrows(RefusedException.class, this::ask);
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.startsWith(beginning), message);
        assertEquals(0, gateway.requests(), "nothing may be sent");
    }

    private void ask() throws Exception {
        ask(expected(Machines.PRODUCTION), InstantSource.system());
    }

    private void ask(Expectations expected, InstantSource clock) throws Exception {
        try (var client = new Client(gateway.address(), gateway.address(), expected, clock)) {
            client.ask(QUESTION);
        }
    }
}
