package io.countersign.examples.ohttp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The worked example of RFC 9458 appendix A. */
class StandardExampleTest {
    private static final byte[] GATEWAY_PRIVATE =
            hex("3c168975674b2fa8e465970b79c8dcf09f1c741626480bd4c6162fc5b6a98e1a");
    private static final byte[] GATEWAY_PUBLIC =
            hex("31e1f05a740102115220e9af918f738674aec95f54db6e04eb705aae8e798155");
    private static final byte[] EPHEMERAL_PRIVATE =
            hex("bc51d5e930bda26589890ac7032f70ad12e4ecb37abb1b65b1256c9c48999c73");
    private static final byte[] KEY_CONFIG =
            hex("01002031e1f05a740102115220e9af918f738674aec95f54db6e04eb705aae8e79815500080001000100010003");
    private static final byte[] REQUEST = hex("00034745540568747470730b6578616d706c652e636f6d012f");
    private static final byte[] SEALED_REQUEST =
            hex("010020000100014b28f881333e7c164ffc499ad9796f877f4e1051ee6d31bad19dec96c208b472"
                    + "6374e469135906992e1268c594d2a10c695d858c40a026e7965e7d86b83dd440b2c0185204b4d63525");
    private static final byte[] RESPONSE = hex("0140c8");
    private static final byte[] RESPONSE_NONCE = hex("c789e7151fcba46158ca84b04464910d");
    private static final byte[] SEALED_RESPONSE =
            hex("c789e7151fcba46158ca84b04464910d86f9013e404feea014e7be4a441f234f857fbd");

    @Test
    void keyConfigurationIsWrittenAndReadAsInTheStandard() throws Exception {
        assertArrayEquals(KEY_CONFIG, gateway().config().encode());
        assertEquals(gateway().config(), KeyConfig.parse(KEY_CONFIG));
    }

    @Test
    void requestIsSealedAsInTheStandard() throws Exception {
        assertArrayEquals(SEALED_REQUEST, sealedRequest().message());
    }

    @Test
    void requestOfTheStandardIsOpened() throws Exception {
        assertArrayEquals(REQUEST, gateway().open(SEALED_REQUEST).request());
    }

    @Test
    void responseIsSealedAsInTheStandard() throws Exception {
        assertArrayEquals(SEALED_RESPONSE, gateway().open(SEALED_REQUEST).seal(RESPONSE, RESPONSE_NONCE));
    }

    @Test
    void responseOfTheStandardIsOpened() throws Exception {
        assertArrayEquals(RESPONSE, sealedRequest().open(SEALED_RESPONSE));
    }

    private static GatewayKey gateway() throws MalformedException {
        return GatewayKey.of(
                1, Kem.X25519, List.of(Aead.AES_128_GCM, Aead.CHACHA20_POLY1305), GATEWAY_PRIVATE, GATEWAY_PUBLIC);
    }

    private static SealedRequest sealedRequest() throws MalformedException {
        return SealedRequest.seal(
                KeyConfig.parse(KEY_CONFIG), Aead.AES_128_GCM, REQUEST, Hpke.keyPair(Kem.X25519, EPHEMERAL_PRIVATE));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
