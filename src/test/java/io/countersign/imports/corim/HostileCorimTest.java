package io.countersign.imports.corim;

import static io.countersign.imports.corim.MadeCorim.AT;
import static io.countersign.imports.corim.MadeCorim.map;
import static io.countersign.imports.corim.MadeCorim.tagged;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.upokecenter.cbor.CBORObject;
import io.countersign.imports.ImportException;
import io.countersign.insecure.Pem;
import io.countersign.testkit.SoftwareNvidias;
import io.countersign.verifier.bytes.Bytes;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostileCorimTest {
    private static final CorimKey KEY = CorimKey.p256();

    private static String refusal(Bytes message, PinnedSigner signer) {
        String why = String.valueOf(
                assertThrows(ImportException.class, () -> SignedCorim.read("bad.corim", message, signer, AT))
                        .getMessage());
        assertTrue(why.startsWith("bad.corim, "), why);
        return why;
    }

    private static String refusal(MadeCorim made) {
        return refusal(made.signed(KEY), KEY.pinned());
    }

    /** The payload as it is, under a good signature. */
    private static String refusalOfPayload(String hex) {
        return refusal(MadeCorim.amd().signed(KEY, HexFormat.of().parseHex(hex)), KEY.pinned());
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] whole = MadeCorim.amd().signed(KEY).toByteArray();
        PinnedSigner signer = KEY.pinned();
        for (int length = 0; length < whole.length; length++) {
            assertFalse(
                    refusal(Bytes.copyOf(Arrays.copyOf(whole, length)), signer).isBlank());
        }
        String longer = refusal(Bytes.copyOf(Arrays.copyOf(whole, whole.length + 1)), signer);
        assertTrue(longer.contains("1 bytes follow the item"), longer);
    }

    @Test
    void everyFlippedBitIsRefused() {
        byte[] whole = MadeCorim.amd().signed(KEY).toByteArray();
        PinnedSigner signer = KEY.pinned();
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));
            assertFalse(refusal(Bytes.copyOf(damaged), signer).isBlank());
        }
    }

    /** Whoever holds the key can still make mistakes: damage to the payload is signed anew. */
    @Test
    void damageUnderAGoodSignatureGivesNothingButRefusalsOrOtherValues() {
        byte[] payload = MadeCorim.amd().payload();
        PinnedSigner signer = KEY.pinned();
        int refused = 0;
        for (int bit = 0; bit < payload.length * 8; bit += 3) {
            byte[] damaged = payload.clone();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));
            try {
                SignedCorim.read("bad.corim", MadeCorim.amd().signed(KEY, damaged), signer, AT);
            } catch (ImportException _) {
                refused++;
            }
        }
        assertTrue(refused > payload.length / 2, "only " + refused);
    }

    @Test
    void anotherKeyIsRefused() {
        String why = refusal(MadeCorim.amd().signed(CorimKey.p256()), KEY.pinned());
        assertTrue(why.contains("cose.signature: it is not a signature of the pinned key"), why);
    }

    @Test
    void everyAlgorithmOfThePinnedKeysWorks() throws ImportException {
        for (CorimKey key : List.of(CorimKey.p384(), CorimKey.rsa(3072))) {
            assertEquals(
                    1,
                    SignedCorim.read("good.corim", MadeCorim.amd().signed(key), key.pinned(), AT)
                            .sets()
                            .size());
        }
    }

    @Test
    void keysThatAreNotStrongOrKnownCannotBePinned() {
        for (CorimKey key : List.of(CorimKey.rsa(1024), CorimKey.p521())) {
            assertThrows(ImportException.class, () -> CorimKey.pin(key.pem()));
        }
        for (String pem : List.of("", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "-----BEGIN")) {
            String why = String.valueOf(assertThrows(ImportException.class, () -> CorimKey.pin(Bytes.utf8(pem)))
                    .getMessage());
            assertTrue(why.startsWith("signer.pem: "), why);
        }
    }

    /** A message does not choose its algorithm: none (0), HMAC (5), another curve's, or text. */
    @ParameterizedTest
    @CsvSource({"0", "5", "-35", "-257", "none"})
    void algorithmThatIsNotThePinnedKeysIsRefused(String algorithm) {
        Object label = algorithm.equals("none") ? algorithm : Integer.valueOf(algorithm);
        String why = refusal(MadeCorim.amd().header(header -> header.Set(1, label)));
        assertTrue(why.contains("cose.protected.alg"), why);
    }

    @Test
    void algorithmOutsideOfTheSignatureIsRefused() {
        var made = MadeCorim.amd().open(open -> open.Set(1, -7));
        made.header(header -> header.Remove(CBORObject.FromObject(1)));
        byte[] header = made.header.EncodeToBytes();
        String why =
                refusal(Bytes.copyOf(made.message(KEY, header, made.payload()).EncodeToBytes()), KEY.pinned());
        assertTrue(why.contains("header alg stands where no signature covers it"), why);
    }

    @Test
    void headerInBothBucketsIsRefused() {
        String why = refusal(MadeCorim.amd()
                .header(header -> header.Set(4, new byte[] {1}))
                .open(open -> open.Set(4, new byte[] {2})));
        assertTrue(why.contains("stands in both buckets"), why);
    }

    @Test
    void wrongContentTypeIsRefused() {
        for (Object type : List.of("application/json", 60)) {
            String why = refusal(MadeCorim.amd().header(header -> header.Set(3, type)));
            assertTrue(why.contains("application/rim+cbor was expected"), why);
        }
        String none = refusal(MadeCorim.amd().header(header -> header.Remove(CBORObject.FromObject(3))));
        assertTrue(none.contains("there is no content type"), none);
    }

    @Test
    void unknownCriticalHeaderIsRefused() {
        for (Object label : List.of(99, "x", 34)) {
            String why = refusal(MadeCorim.amd().header(header -> header.Set(99, 1)
                    .Set(2, CBORObject.NewArray().Add(label))));
            assertTrue(why.contains("is critical, and is not known here or not there"), why);
        }
    }

    @Test
    void hashEnvelopeAndDetachedPayloadAreRefused() {
        String hash = refusal(MadeCorim.amd().header(header -> header.Set(258, -16)));
        assertTrue(hash.contains("the payload is a digest"), hash);
        CBORObject message = MadeCorim.amd().message(KEY, MadeCorim.amd().payload());
        CBORObject detached = message.UntagOne();
        detached.Set(2, CBORObject.Null);
        String nothing = refusal(Bytes.copyOf(tagged(18, detached).EncodeToBytes()), KEY.pinned());
        assertTrue(nothing.contains("the payload is detached"), nothing);
    }

    @Test
    void otherStructuresAreRefusedByName() {
        CBORObject message = MadeCorim.amd().message(KEY, MadeCorim.amd().payload());
        String several = refusal(Bytes.copyOf(tagged(98, message.UntagOne()).EncodeToBytes()), KEY.pinned());
        assertTrue(several.contains("several signers"), several);
        String bare = refusal(Bytes.copyOf(message.UntagOne().EncodeToBytes()), KEY.pinned());
        assertTrue(bare.contains("a COSE_Sign1, which a signed CoRIM is (tag 18) was expected"), bare);
    }

    @Test
    void certificateOfAnotherSignerInTheMessageIsRefused() {
        byte[] other = SoftwareNvidias.trusted().rimRoot().toByteArray();
        for (Object chain : List.of(other, CBORObject.NewArray().Add(other).Add(other))) {
            String hidden = refusal(MadeCorim.amd().header(header -> header.Set(33, chain)));
            assertTrue(hidden.contains("the certificate of another key than the pinned one"), hidden);
            String shown = refusal(MadeCorim.amd().open(open -> open.Set(33, chain)));
            assertTrue(shown.contains("cose.unprotected.x5chain"), shown);
        }
        String broken = refusal(MadeCorim.amd().open(open -> open.Set(33, new byte[] {1})));
        assertTrue(broken.contains("a certificate that cannot be read"), broken);
    }

    @Test
    void pinnedCertificateIsAKeyWithAWindow() throws ImportException {
        var nvidia = SoftwareNvidias.trusted();
        PinnedSigner pinned = CorimKey.pin(Bytes.utf8(Pem.certificate(nvidia.rimRoot())));
        assertEquals(PinnedSigner.Algorithm.ES384, pinned.algorithm());
        assertTrue(pinned.objectionAt(nvidia.asOf()).isEmpty());
        assertTrue(pinned.objectionAt(Instant.parse("1999-01-01T00:00:00Z")).isPresent());
    }

    @ParameterizedTest
    @CsvSource({
        // 501 of a map with one key twice
        "d901f5a2006161006162, a map that has the number 0 as a key twice",
        // indefinite map, array and bytes, and a break
        "d901f5bf00ff, indefinite length",
        "d901f5a1019fff, indefinite length",
        "d901f5a1005f4161ff, indefinite length",
        "d901f5ff, a break without a beginning",
        // a map of 2^63 members; bytes of 4 GiB
        "d901f5bb8000000000000000, are announced",
        "d901f5a1005affffffff00, are announced",
        // a number in more bytes than it needs, as a key and as a length
        "d901f5a1180000, in more bytes than it needs",
        "d901f5a1005801aa, in more bytes than it needs",
        "d901f5a100f81f, in more bytes than it needs",
        // reserved
        "d901f5a1001c, is reserved",
        "d901f5a100fc, is reserved",
        // text that is not UTF-8
        "d901f5a10061ff, not UTF-8",
        // nothing at all; only a tag
        "'', 1 more bytes are needed",
        "d901f5, 1 more bytes are needed",
        // behind the item
        "d901f5a000, 1 bytes follow the item",
        // another tag, and no map
        "d901faa0, a CoRIM (tag 501) was expected",
        "d901f580, a map was expected",
        "d901f5a0, a CoRIM has an id and tags"
    })
    void payloadThatIsNotPlainCborIsRefused(String hex, String part) {
        String why = refusalOfPayload(hex);
        assertTrue(why.contains(part), why);
        assertTrue(why.startsWith("bad.corim, corim"), why);
    }

    @Test
    void deepNestingIsRefused() {
        String arrays = refusalOfPayload("81".repeat(100_000) + "00");
        assertTrue(arrays.contains("nested deeper than 32"), arrays);
        String tags = refusal(Bytes.fromHex("d901f4".repeat(50_000)), KEY.pinned());
        assertTrue(tags.contains("nested deeper than 32"), tags);
    }

    @Test
    void tooManyBytesOrItemsAreRefused() {
        String large = refusal(Bytes.zeros(CborReader.MAX_BYTES + 1), KEY.pinned());
        assertTrue(large.contains("at most 1048576 are read"), large);
        String many = refusalOfPayload("d901f59a000493e0" + "00".repeat(300_000));
        assertTrue(many.contains("more than 200000 items"), many);
    }

    @Test
    void emptyArraysAreRefused() {
        String triples = refusal(MadeCorim.amd().corim(corim -> {}).triple(MadeCorim.amdClass()));
        assertTrue(triples.contains("reference[2].measurements: it is empty"), triples);
    }

    @Test
    void hostileTextsEndUpInOneBoundedLine() throws ImportException {
        var made =
                MadeCorim.amd().header(header -> header.Set(15, map().Add(1, "ACME\nvalues: evil\u202e \"quoted\"")));
        var imported = SignedCorim.read("odd.corim", made.signed(KEY), KEY.pinned(), AT);
        String owner = imported.sets().getFirst().owner();
        assertFalse(owner.contains("\n"), owner);
        assertFalse(owner.contains("\u202e"), owner);
    }
}
