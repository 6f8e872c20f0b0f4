package io.countersign.service.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The ring as a file: read back as written, and refused whatever else it says. */
class RingDocumentTest {
    private static final KeyRing RING = Rings.ring(
            Rings.withdrawn(0, 10),
            Rings.key(5),
            Rings.key(SigningAlgorithm.ES384, 1000, Optional.empty()),
            inToken(Rings.key(2000)));
    private static final String TEXT = RingDocument.write(RING, KeyPurpose.PRODUCTION);

    private static RingKey inToken(RingKey key) {
        return new RingKey(
                key.publicJwk(),
                key.algorithm(),
                new RingKey.Home.InToken(key.kid()),
                key.activeFrom(),
                key.withdrawnAt());
    }

    private static String refusal(String text) {
        return assertThrows(KeyTroubleException.class, () -> RingDocument.read(text, KeyPurpose.PRODUCTION), text)
                .why();
    }

    private static String changed(Consumer<ObjectNode> change) {
        try {
            var document = (ObjectNode) new ObjectMapper().readTree(TEXT);
            change.accept(document);
            return document.toString();
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static ObjectNode key(ObjectNode document, int index) {
        return (ObjectNode) document.get("keys").get(index);
    }

    private static ObjectNode publicHalf(ObjectNode document) {
        return (ObjectNode) key(document, 1).get("public");
    }

    @Test
    void isReadBackAsItWasWritten() throws KeyTroubleException {
        KeyRing read = RingDocument.read(TEXT, KeyPurpose.PRODUCTION);
        assertEquals(RING, read);
        assertEquals(TEXT, RingDocument.write(read, KeyPurpose.PRODUCTION));
        assertFalse(TEXT.contains("\"d\""));
    }

    @Test
    void publishedCoordinatesHaveTheirFullLength() {
        for (RingKey key : RING.keys()) {
            for (String name : new String[] {"x", "y"}) {
                String coordinate = String.valueOf(key.published().get(name));
                assertEquals(key.algorithm() == SigningAlgorithm.ES256 ? 43 : 64, coordinate.length());
            }
            assertEquals(
                    java.util.Set.of("kty", "crv", "x", "y", "kid", "use", "alg"),
                    key.published().keySet());
        }
    }

    @Test
    void everyShorterTextIsRefused() {
        for (int length = 0; length < TEXT.length() - 2; length++) {
            refusal(TEXT.substring(0, length));
        }
    }

    @Test
    void everyDamageIsRefusedAtItsPlace() {
        String other = Rings.key(0).publicJwk().getX().toString();
        Map<String, String> damages = new TreeMap<>();
        damages.put("not JSON", "no JSON at all");
        damages.put("the ring is not an object", "[]");
        damages.put("not JSON: Duplicate", TEXT.replaceFirst("\"version\"", "\"version\" : 1, \"version\""));
        damages.put("not JSON: Trailing", TEXT + "{}");
        damages.put("a member \"more\"", changed(ring -> ring.put("more", 1)));
        damages.put("keys[1] has a member \"d\"", changed(ring -> key(ring, 1).put("d", "AAAA")));
        damages.put("its version is not 1", changed(ring -> ring.put("version", 2)));
        damages.put("its version is not 1,", changed(ring -> ring.put("version", "1")));
        damages.put("its purpose", changed(ring -> ring.put("purpose", "insecure-signing")));
        damages.put("a list of 1 to 100", changed(ring -> ring.putArray("keys")));
        damages.put("a list of 1 to", changed(ring -> ring.put("keys", "none")));
        damages.put("twice", changed(ring -> ((ArrayNode) ring.get("keys"))
                .add(key(ring, 0).deepCopy())));
        damages.put("keys[1].alg", changed(ring -> key(ring, 1).put("alg", "ES512")));
        damages.put("keys[1].public is not a key on P-384", changed(ring -> key(ring, 1)
                .put("alg", "ES384")));
        damages.put("keys[1].kid is not", changed(ring -> key(ring, 1).put("kid", "mine")));
        damages.put("keys[1] has no text \"kid\"", changed(ring -> key(ring, 1).remove("kid")));
        damages.put("names either", changed(ring -> key(ring, 1).put("pkcs11", "mine")));
        damages.put("names either a", changed(ring -> key(ring, 1).remove("file")));
        damages.put("keys[1].file", changed(ring -> key(ring, 1).put("file", "../signing.jwk")));
        damages.put("keys[1].file is", changed(ring -> key(ring, 1).put("file", "/etc/x.jwk")));
        damages.put("keys[1].active_from", changed(ring -> key(ring, 1).put("active_from", "yesterday")));
        damages.put("keys[1].active_from is", changed(ring -> key(ring, 1).put("active_from", "9999-01-01T00:00:00Z")));
        damages.put("no text \"active_from\"", changed(ring -> key(ring, 1).put("active_from", 1_780_000_000)));
        damages.put("keys[0].withdrawn_at", changed(ring -> key(ring, 0).put("withdrawn_at", "later")));
        damages.put("no text \"withdrawn_at\"", changed(ring -> key(ring, 0).putNull("withdrawn_at")));
        damages.put("not a point", changed(ring -> publicHalf(ring).put("x", other)));
        damages.put("public.x is not 32 bytes", changed(ring -> publicHalf(ring).put("x", other + "AA")));
        damages.put("public.y is not 32", changed(ring -> publicHalf(ring).put("y", "AA==")));
        damages.put(
                "public has a member \"d\"", changed(ring -> publicHalf(ring).put("d", other)));
        damages.put(
                "public is not a key on P-256", changed(ring -> publicHalf(ring).put("kty", "RSA")));
        damages.forEach((said, text) -> {
            String why = refusal(text);
            // What the map's keys say beyond the words in the file is only there to tell them apart.
            assertTrue(why.contains(said), () -> "%s, not %s".formatted(why, said));
        });
    }

    @Test
    void moreKeysThanAnyoneKeepsAreRefused() {
        refusal(changed(ring -> {
            var keys = (ArrayNode) ring.get("keys");
            while (keys.size() <= RingDocument.MOST_KEYS) {
                keys.add(key(ring, 0).deepCopy());
            }
        }));
    }
}
