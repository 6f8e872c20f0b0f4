package io.countersign.examples.ohttp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyConfigTest {
    private static final int KEY_AT = 3;

    @ParameterizedTest
    @EnumSource(Kem.class)
    void whatIsWrittenIsRead(Kem kem) throws Exception {
        KeyConfig config = GatewayKey.generate(0xff, kem).config();
        assertEquals(config, KeyConfig.parse(config.encode()));
        assertEquals(List.of(config, config), KeyConfig.parseList(KeyConfig.encodeList(List.of(config, config))));
    }

    @ParameterizedTest
    @EnumSource(Kem.class)
    void everyShorterConfigurationAndOneLongerIsRefused(Kem kem) {
        byte[] encoded = GatewayKey.generate(1, kem).config().encode();
        for (int length = 0; length < encoded.length; length++) {
            byte[] cut = Arrays.copyOf(encoded, length);
            assertThrows(MalformedException.class, () -> KeyConfig.parse(cut), "length " + length);
        }
        byte[] longer = Arrays.copyOf(encoded, encoded.length + 1);
        assertEquals(
                "The key configuration ends at offset " + encoded.length
                        + ", but 1 more bytes follow; expected nothing after it",
                refusal(longer));
    }

    @ParameterizedTest
    @EnumSource(Kem.class)
    void everyShorterListAndOneLongerIsRefused(Kem kem) {
        KeyConfig config = GatewayKey.generate(1, kem).config();
        byte[] list = KeyConfig.encodeList(List.of(config, config));
        for (int length = 0; length < list.length; length++) {
            if (length == list.length / 2) {
                continue;
            }
            byte[] cut = Arrays.copyOf(list, length);
            assertThrows(MalformedException.class, () -> KeyConfig.parseList(cut), "length " + length);
        }
        byte[] longer = Arrays.copyOf(list, list.length + 1);
        assertThrows(MalformedException.class, () -> KeyConfig.parseList(longer));
    }

    @Test
    void aConfigurationThatEndsBeforeItsLengthIsRefused() {
        byte[] encoded = GatewayKey.generate(1, Kem.X25519).config().encode();
        byte[] list = new byte[encoded.length + 3];
        list[1] = (byte) (encoded.length + 1);
        System.arraycopy(encoded, 0, list, 2, encoded.length);
        assertThrows(MalformedException.class, () -> KeyConfig.parseList(list));
    }

    @Test
    void anUnknownKemIsRefusedWithItsPlace() {
        byte[] encoded = GatewayKey.generate(1, Kem.X25519).config().encode();
        encoded[2] = 0x21;
        assertTrue(refusal(encoded).startsWith("KEM 0x0021 at offset 1 is not one of"));
    }

    @Test
    void anEmptyListOfSuitesIsRefused() {
        byte[] encoded = GatewayKey.generate(1, Kem.X25519).config().encode();
        byte[] without = Arrays.copyOf(encoded, KEY_AT + Kem.X25519.keyLength() + 2);
        without[without.length - 1] = 0;
        assertTrue(refusal(without).startsWith("The list of suites is 0 bytes long, says offset 35"));
    }

    @Test
    void halfASuiteIsRefused() {
        byte[] encoded = GatewayKey.generate(1, Kem.X25519).config().encode();
        byte[] half = Arrays.copyOf(encoded, KEY_AT + Kem.X25519.keyLength() + 2 + 6);
        half[KEY_AT + Kem.X25519.keyLength() + 1] = 6;
        assertTrue(refusal(half).startsWith("The list of suites is 6 bytes long, says offset 35"));
    }

    @ParameterizedTest
    @EnumSource(names = {"P256", "P384"})
    void aPointOffTheCurveIsRefusedWithItsPlace(Kem kem) {
        byte[] encoded = GatewayKey.generate(1, kem).config().encode();
        encoded[KEY_AT + kem.keyLength() - 1] ^= 1;
        assertTrue(refusal(encoded).startsWith("The bytes at offset 3 are no public key of " + kem.curve()));
    }

    /** With such a key everyone would compute the same secret, zero (RFC 9180 section 7.1.4). */
    @Test
    void anX25519KeyOfSmallOrderIsRefused() {
        for (byte first : new byte[] {0, 1}) {
            byte[] encoded = GatewayKey.generate(1, Kem.X25519).config().encode();
            Arrays.fill(encoded, KEY_AT, KEY_AT + Kem.X25519.keyLength(), (byte) 0);
            encoded[KEY_AT] = first;
            assertTrue(refusal(encoded).startsWith("The bytes at offset 3 are no public key of X25519"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"P256", "P384"})
    void aPointInAnotherFormIsRefused(Kem kem) {
        for (int form : new int[] {0x00, 0x02, 0x03, 0x05, 0x06, 0x07}) {
            byte[] encoded = GatewayKey.generate(1, kem).config().encode();
            encoded[KEY_AT] = (byte) form;
            assertTrue(refusal(encoded).contains("expected 0x04, an uncompressed point"));
        }
    }

    @Test
    void suitesThatAreNotKnownAreKeptAndNotChosen() throws Exception {
        String start = HexFormat.of()
                .formatHex(GatewayKey.generate(1, Kem.X25519).config().encode(), 0, 35);
        KeyConfig config =
                KeyConfig.parse(HexFormat.of().parseHex(start + "000c" + "00030001" + "0001ffff" + "00010003"));
        assertEquals(3, config.suites().size());
        assertEquals(Aead.CHACHA20_POLY1305, config.preferredAead().orElseThrow());
        assertArrayEquals(HexFormat.of().parseHex(start), Arrays.copyOf(config.encode(), 35));
    }

    @Test
    void randomBytesAreRefusedInWords() {
        var random = new Random(9458);
        List<Kem> kems = List.of(Kem.values());
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (bytes.length > 2) {
                bytes[1] = 0;
                bytes[2] = (byte) kems.get(random.nextInt(kems.size())).id();
            }
            try {
                KeyConfig.parse(bytes);
            } catch (MalformedException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("offset"), e.toString());
            }
        }
    }

    private static String refusal(byte[] config) {
        return String.valueOf(assertThrows(MalformedException.class, () -> KeyConfig.parse(config))
                .getMessage());
    }
}
