package io.countersign.verifier.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.countersign.insecure.P256Key;
import io.countersign.verifier.bytes.Bytes;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two numbers have one DER encoding, and only that is read. */
class EcdsaSignatureValueTest {
    @ParameterizedTest
    @CsvSource({
        "3006020101020102, 1, 2",
        "3006020100020100, 0, 0",
        "300702017f02020080, 127, 128",
        "3008020200ff02020100, 255, 256"
    })
    void readsTheShortestEncodingAndPadsBothNumbers(String der, String r, String s) {
        assertEquals(
                Optional.of(Bytes.concat(P256Key.number(new BigInteger(r)), P256Key.number(new BigInteger(s)))),
                EcdsaSignatureValue.raw(Bytes.fromHex(der), 32));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "30",
                "3000",
                "0500",
                "3003020101",
                "3009020101020102020103",
                "300602010102010200",
                "3006020101020102ff",
                "308106020101020102",
                "30800201010201020000",
                "300702020001020102",
                "3007020101020200 02",
                "30060201ff020102",
                "3006020101020180",
                "3006040101020102",
                "30060a0101020102",
                "3106020101020102",
                "30050200020101",
                "300702810101020102",
                "3006a20101020102"
            })
    void everythingElseIsNoSignature(String hex) {
        assertEquals(Optional.empty(), EcdsaSignatureValue.raw(Bytes.fromHex(hex.replace(" ", "")), 32));
    }

    @Test
    void numbersThatNeedMoreBytesThanTheCurveHasAreRefused() {
        Bytes most = Bytes.fromHex("ff".repeat(32));
        Bytes widest = P256Key.derSignature(Bytes.concat(most, most));
        assertEquals(Optional.of(Bytes.concat(most, most)), EcdsaSignatureValue.raw(widest, 32));
        assertEquals(Optional.empty(), EcdsaSignatureValue.raw(widest, 31));
        assertEquals(96, EcdsaSignatureValue.raw(widest, 48).orElseThrow().length());
        assertEquals(
                Optional.empty(),
                EcdsaSignatureValue.raw(Bytes.fromHex("302602" + "21" + "01" + "00".repeat(32) + "020101"), 32));
    }

    @Test
    void everyPairOfNumbersComesBackAndNoDamagedOneGivesTheSame() {
        var random = new SplittableRandom(1);
        for (int i = 0; i < 200; i++) {
            byte[] made = new byte[64];
            random.nextBytes(made);
            // Numbers with zeros in front as well.
            for (int at : List.of(0, 32)) {
                int zeros = i % 3 == 0 ? random.nextInt(31) : 0;
                java.util.Arrays.fill(made, at, at + zeros, (byte) 0);
            }
            Bytes raw = Bytes.copyOf(made);
            Bytes der = P256Key.derSignature(raw);
            assertEquals(Optional.of(raw), EcdsaSignatureValue.raw(der, 32));
            for (int bit = 0; bit < der.length() * 8; bit += 7) {
                byte[] array = der.toByteArray();
                array[bit / 8] ^= (byte) (1 << bit % 8);
                assertEquals(
                        Optional.empty(),
                        EcdsaSignatureValue.raw(Bytes.copyOf(array), 32).filter(raw::equals));
            }
        }
    }
}
