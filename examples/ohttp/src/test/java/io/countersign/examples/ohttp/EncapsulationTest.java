package io.countersign.examples.ohttp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class EncapsulationTest {
    private static final byte[] REQUEST = "a question".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RESPONSE = "an answer".getBytes(StandardCharsets.US_ASCII);

    static Stream<Arguments> suites() {
        return Stream.of(Kem.values()).flatMap(kem -> Stream.of(Aead.values()).map(aead -> Arguments.of(kem, aead)));
    }

    @ParameterizedTest
    @MethodSource("suites")
    void requestAndResponseArriveWithEachKemAndAead(Kem kem, Aead aead) throws Exception {
        GatewayKey key = GatewayKey.generate(7, kem);
        SealedRequest sealed = SealedRequest.seal(key.config(), aead, REQUEST);
        OpenedRequest opened = key.open(sealed.message());
        assertArrayEquals(REQUEST, opened.request());
        assertArrayEquals(RESPONSE, sealed.open(opened.seal(RESPONSE)));
    }

    @ParameterizedTest
    @EnumSource(Kem.class)
    void aRequestIsRefusedWithAnyByteAlteredOrMissing(Kem kem) {
        GatewayKey key = GatewayKey.generate(7, kem);
        byte[] message =
                SealedRequest.seal(key.config(), Aead.AES_256_GCM, REQUEST).message();
        for (int i = 0; i < message.length; i++) {
            byte[] altered = message.clone();
            altered[i] ^= 0x01;
            byte[] cut = Arrays.copyOf(message, i);
            assertThrows(MalformedException.class, () -> key.open(altered), "altered at " + i);
            assertThrows(MalformedException.class, () -> key.open(cut), "cut at " + i);
        }
    }

    @Test
    void aRequestThatNamesASuiteNotOfferedIsRefused() throws Exception {
        byte[] secret = new byte[32];
        secret[5] = 1;
        byte[] publicKey =
                Hpke.encoded(Kem.X25519, Hpke.keyPair(Kem.X25519, secret).getPublic());
        GatewayKey narrow = GatewayKey.of(1, Kem.X25519, List.of(Aead.AES_256_GCM), secret, publicKey);
        byte[] message =
                SealedRequest.seal(narrow.config(), Aead.AES_128_GCM, REQUEST).message();
        assertThrows(MalformedException.class, () -> narrow.open(message));
    }

    @Test
    void anEncapsulatedKeyOfSmallOrderIsRefused() {
        GatewayKey key = GatewayKey.generate(7, Kem.X25519);
        byte[] message =
                SealedRequest.seal(key.config(), Aead.AES_128_GCM, REQUEST).message();
        Arrays.fill(message, 7, 39, (byte) 0);
        assertThrows(MalformedException.class, () -> key.open(message));
    }

    @ParameterizedTest
    @EnumSource(Aead.class)
    void aResponseIsRefusedWithAnyByteAlteredOrMissing(Aead aead) throws Exception {
        GatewayKey key = GatewayKey.generate(7, Kem.X25519);
        SealedRequest sealed = SealedRequest.seal(key.config(), aead, REQUEST);
        byte[] response = key.open(sealed.message()).seal(RESPONSE);
        for (int i = 0; i < response.length; i++) {
            byte[] altered = response.clone();
            altered[i] ^= 0x01;
            byte[] cut = Arrays.copyOf(response, i);
            assertThrows(MalformedException.class, () -> sealed.open(altered), "altered at " + i);
            assertThrows(MalformedException.class, () -> sealed.open(cut), "cut at " + i);
        }
    }

    @Test
    void aResponseToAnotherRequestIsRefused() throws Exception {
        GatewayKey key = GatewayKey.generate(7, Kem.P256);
        SealedRequest one = SealedRequest.seal(key.config(), Aead.AES_128_GCM, REQUEST);
        SealedRequest other = SealedRequest.seal(key.config(), Aead.AES_128_GCM, REQUEST);
        byte[] response = key.open(other.message()).seal(RESPONSE);
        assertThrows(MalformedException.class, () -> one.open(response));
    }

    @Test
    void aKeyFromTheBootClientsFileIsTheAttestedOne() throws Exception {
        for (Curve curve : List.of(Curve.P_256, Curve.P_384)) {
            var jwk = new ECKeyGenerator(curve).generate();
            GatewayKey key = GatewayKey.fromJwk(3, jwk.toJSONString());
            assertEquals(jwk.computeThumbprint().toString(), key.thumbprint());
            byte[] message =
                    SealedRequest.seal(key.config(), Aead.AES_128_GCM, REQUEST).message();
            assertArrayEquals(REQUEST, key.open(message).request());
        }
    }

    @Test
    void aKeyFileWithoutAPrivateKeyIsRefused() throws Exception {
        String publicJwk =
                new ECKeyGenerator(Curve.P_256).generate().toPublicJWK().toJSONString();
        String otherCurve = new ECKeyGenerator(Curve.P_521).generate().toJSONString();
        for (String text : List.of(publicJwk, otherCurve, "", "{}", "[]", "no JSON")) {
            assertThrows(MalformedException.class, () -> GatewayKey.fromJwk(1, text), text);
        }
    }

    @Test
    void halvesThatDoNotBelongTogetherAreRefused() throws Exception {
        var one = new ECKeyGenerator(Curve.P_256).generate();
        var other = new ECKeyGenerator(Curve.P_256).generate();
        String mixed =
                one.toJSONString().replace(one.getD().toString(), other.getD().toString());
        assertThrows(MalformedException.class, () -> GatewayKey.fromJwk(1, mixed));
    }
}
