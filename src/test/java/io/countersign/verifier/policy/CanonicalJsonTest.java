package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {
    @Test
    void sortsMembersByUtf16CodeUnits() {
        // RFC 8785, 3.2.3: its own example, without the member that is a control character.
        assertEquals(
                "{\"\\r\":1,\"1\":2,\"ö\":4,\"€\":5,\"😀\":6,\"\uFB33\":7}",
                CanonicalJson.write(Map.of("€", 5, "\r", 1, "\uFB33", 7, "1", 2, "😀", 6, "ö", 4)));
    }

    @Test
    void escapesOnlyWhatMustBe() {
        assertEquals("\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"", CanonicalJson.write("€$\u000f\nA'B\"\\\\\"/"));
    }

    @Test
    void writesListsAndNumbers() {
        assertEquals(
                "{\"a\":[],\"b\":{},\"c\":[1,-2,[\"x\"]]}",
                CanonicalJson.write(Map.of("c", List.of(1, -2L, List.of("x")), "b", Map.of(), "a", List.of())));
    }
}
