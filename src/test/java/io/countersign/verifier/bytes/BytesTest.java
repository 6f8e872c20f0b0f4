package io.countersign.verifier.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Immutable bytes behave as values. */
class BytesTest {
    private static final Bytes SAMPLE = Bytes.fromHex("00017f80ff");

    @Test
    void writesToAnArrayDoNotShowInTheBytesMadeFromItOrHandedOut() {
        byte[] array = {1, 2};
        Bytes bytes = Bytes.copyOf(array);
        array[0] = 9;
        bytes.toByteArray()[1] = 9;
        assertEquals(Bytes.fromHex("0102"), bytes);
    }

    @Test
    void readsBytesAsUnsigned() {
        assertEquals(0x80, SAMPLE.u8(3));
        assertEquals(0xFF, SAMPLE.u8(4));
        assertThrows(IndexOutOfBoundsException.class, () -> SAMPLE.u8(5));
        assertThrows(IndexOutOfBoundsException.class, () -> SAMPLE.u8(-1));
    }

    @Test
    void aSliceSeesItsOwnRangeOnly() {
        Bytes slice = SAMPLE.slice(1, 4);
        assertEquals("017f80", slice.toString());
        assertEquals(3, slice.length());
        assertThrows(IndexOutOfBoundsException.class, () -> slice.u8(3));
        assertThrows(IndexOutOfBoundsException.class, () -> slice.slice(0, 4));
        assertEquals("7f", slice.slice(1, 2).toString());
        assertEquals(Bytes.empty(), SAMPLE.slice(5, 5));
    }

    @Test
    void equalityIsByContentWhereverItLies() {
        Bytes other = Bytes.fromHex("ee00017f80ffee").slice(1, 6);
        assertEquals(SAMPLE, other);
        assertEquals(SAMPLE.hashCode(), other.hashCode());
        assertNotEquals(SAMPLE, SAMPLE.slice(0, 4));
        assertNotEquals(SAMPLE, Bytes.fromHex("00017f80fe"));
        assertNotEquals(SAMPLE, Bytes.fromHex("01017f80ff"));
    }

    @Test
    void takesHexInEitherCaseAndNothingElse() {
        assertEquals(Bytes.fromHex("AbCd"), Bytes.fromHex("aBcD"));
        assertThrows(IllegalArgumentException.class, () -> Bytes.fromHex("abc"));
        assertThrows(IllegalArgumentException.class, () -> Bytes.fromHex("zz"));
    }

    @Test
    void reversesPadsAndJoins() {
        assertEquals("ff807f0100", SAMPLE.reversed().toString());
        assertEquals("00017f80ff0000", SAMPLE.zeroPaddedTo(7).toString());
        assertEquals(SAMPLE, SAMPLE.zeroPaddedTo(5));
        assertThrows(IllegalArgumentException.class, () -> SAMPLE.zeroPaddedTo(4));
        assertEquals(
                "7fff",
                Bytes.concat(SAMPLE.slice(2, 3), Bytes.empty(), SAMPLE.slice(4, 5))
                        .toString());
    }

    @Test
    void knowsZerosAndPrefixes() {
        assertTrue(Bytes.zeros(3).isAllZero());
        assertTrue(Bytes.empty().isAllZero());
        assertFalse(SAMPLE.isAllZero());
        assertTrue(SAMPLE.slice(0, 1).isAllZero());
        assertTrue(SAMPLE.startsWith(SAMPLE.slice(0, 2)));
        assertTrue(SAMPLE.startsWith(Bytes.empty()));
        assertFalse(SAMPLE.slice(0, 2).startsWith(SAMPLE));
        assertFalse(SAMPLE.startsWith(SAMPLE.slice(1, 2)));
    }

    /** FIPS 180-4, the examples for "abc". */
    @Test
    void hashesAsTheStandardSays() {
        Bytes abc = Bytes.utf8("xabcx").slice(1, 4);
        assertEquals(
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                abc.sha256().toString());
        assertEquals(
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
                abc.sha384().toString());
        assertTrue(abc.sha512().toString().startsWith("ddaf35a193617abacc417349ae204131"));
    }

    /** FIPS 180-4 by way of RFC 6234, section 8.5; asked for twice, because the first answer is kept. */
    @Test
    void aDigestIsThatOfTheRunItWasAskedOf() {
        String abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        String empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        Bytes whole = Bytes.utf8("xabcx");
        Bytes slice = whole.slice(1, 4);
        String other = whole.sha256().toString();
        for (int i = 0; i < 2; i++) {
            assertEquals(abc, slice.sha256().toString());
            assertEquals(abc, Bytes.utf8("abc").sha256().toString());
            assertEquals(empty, Bytes.empty().sha256().toString());
            assertEquals(other, whole.sha256().toString());
            assertNotEquals(slice.sha256(), whole.sha256());
        }
        // Whether it was asked for makes no difference to what equals what.
        assertEquals(Bytes.utf8("abc"), slice);
        assertEquals(Bytes.utf8("abc").hashCode(), slice.hashCode());
        assertEquals(slice.sha256().sha256(), Bytes.fromHex(abc).sha256());
    }
}
