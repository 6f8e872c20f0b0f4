package io.countersign.verifier.bytes;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Structures are read exactly, and what does not fit is refused with its place. */
class ByteCursorTest {
    private static final Bytes SAMPLE = Bytes.fromHex("ff02030405060788");

    @Test
    void readsUnsignedNumbersInEitherOrder() throws MalformedEvidenceException {
        assertEquals(0x88070605040302ffL, ByteCursor.readExactly("x", SAMPLE, LITTLE_ENDIAN, ByteCursor::u64));
        assertEquals(0xff02030405060788L, ByteCursor.readExactly("x", SAMPLE, BIG_ENDIAN, ByteCursor::u64));
        assertEquals(0xff020304L, ByteCursor.readExactly("x", SAMPLE.slice(0, 4), BIG_ENDIAN, ByteCursor::u32));
        assertEquals(0x040302ffL, ByteCursor.readExactly("x", SAMPLE.slice(0, 4), LITTLE_ENDIAN, ByteCursor::u32));
        assertEquals(0x8807, ByteCursor.readExactly("x", SAMPLE.slice(6, 8), LITTLE_ENDIAN, ByteCursor::u16));
        assertEquals(0xff, ByteCursor.readExactly("x", SAMPLE.slice(0, 1), BIG_ENDIAN, ByteCursor::u8));
    }

    @Test
    void refusesBytesThatAreLeftOver() {
        var refusal = assertThrows(
                MalformedEvidenceException.class,
                () -> ByteCursor.readExactly("THING", SAMPLE, BIG_ENDIAN, ByteCursor::u32));
        assertEquals("THING", refusal.structure());
        assertEquals(4, refusal.offset());
        assertTrue(refusal.getMessage().contains("4 bytes follow"));
    }

    @Test
    void refusesToReadBeyondTheEndAndSaysWhereTheFieldBegins() {
        var refusal = assertThrows(
                MalformedEvidenceException.class,
                () -> ByteCursor.readExactly("THING", SAMPLE, BIG_ENDIAN, in -> {
                    in.bytes(6);
                    return in.u32();
                }));
        assertEquals(6, refusal.offset());
    }

    @Test
    void aMisplacedFieldIsOurOwnBug() {
        assertThrows(
                IllegalStateException.class,
                () -> ByteCursor.readExactly(
                        "THING", SAMPLE, BIG_ENDIAN, in -> in.at(1).u8()));
    }

    @Test
    void refusesEveryCutOfAStructure() {
        for (int length = 0; length < SAMPLE.length(); length++) {
            Bytes cut = SAMPLE.slice(0, length);
            assertThrows(
                    MalformedEvidenceException.class,
                    () -> ByteCursor.readExactly("THING", cut, LITTLE_ENDIAN, in -> in.u16() + in.u16() + in.u32()));
        }
    }
}
