package io.countersign.examples.ohttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BinaryHttpTest {
    /** From RFC 9458 appendix A; what is empty at the end is left out. */
    @Test
    void theStandardsExampleIsRead() throws Exception {
        byte[] request = HexFormat.of().parseHex("00034745540568747470730b6578616d706c652e636f6d012f");
        assertEquals(new BinaryHttp.Request("GET", "https", "example.com", "/", ""), BinaryHttp.Request.parse(request));
        assertEquals(
                new BinaryHttp.Response(200, ""),
                BinaryHttp.Response.parse(HexFormat.of().parseHex("0140c8")));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 64, 16_383, 16_384, 100_000})
    void contentOfEachLengthComesBack(int length) throws Exception {
        var request = new BinaryHttp.Request("POST", "https", "a.example", "/", "x".repeat(length));
        assertEquals(request, BinaryHttp.Request.parse(request.encode()));
        var response = new BinaryHttp.Response(404, "x".repeat(length));
        assertEquals(response, BinaryHttp.Response.parse(response.encode()));
    }

    @Test
    void whatIsCutWithinAPartIsRefused() {
        byte[] request = new BinaryHttp.Request("POST", "https", "a.example", "/", "content").encode();
        int contentAt = request.length - 9;
        for (int length = 0; length < request.length - 1; length++) {
            if (length == contentAt || length == contentAt - 1) {
                continue;
            }
            byte[] cut = Arrays.copyOf(request, length);
            assertThrows(MalformedException.class, () -> BinaryHttp.Request.parse(cut), "length " + length);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0040c8",
                "024000",
                "014064",
                "014258",
                "0140c8000001",
                "0140c8ffffffffffffffff",
                "0140c8c0000000ffffffff"
            })
    void whatIsNoFinalResponseIsRefused(String hex) {
        assertThrows(
                MalformedException.class,
                () -> BinaryHttp.Response.parse(HexFormat.of().parseHex(hex)));
    }
}
