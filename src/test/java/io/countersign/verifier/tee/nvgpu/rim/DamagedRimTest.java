package io.countersign.verifier.tee.nvgpu.rim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that are no manifest, or no longer one: each is refused, at once, and nothing is thrown. */
class DamagedRimTest {
    private static final Duration AT_ONCE = Duration.ofSeconds(5);
    private static final Bytes GOOD = new SoftwareRim().bytes();
    private static final RimReader READER = SoftwareRim.reader();

    private static String refused(String xml) {
        return Rims.refused(assertTimeoutPreemptively(AT_ONCE, () -> READER.read(Bytes.utf8(xml))));
    }

    private static String good() {
        return GOOD.toUtf8();
    }

    static Stream<Arguments> declarations() {
        String entities = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
                + "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">"
                + "<!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;\"><!ENTITY f \"&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;\">]>";
        return Stream.of(
                Arguments.of("it has a document type declaration", "<!DOCTYPE SoftwareIdentity>" + good()),
                Arguments.of(
                        "it has a document type declaration",
                        "<!DOCTYPE x [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
                                + good().replace("550.90.07", "&x;")),
                Arguments.of(
                        "it has a document type declaration",
                        "<!DOCTYPE x SYSTEM \"http://127.0.0.1:1/x.dtd\">" + good()),
                Arguments.of(
                        "it has a document type declaration",
                        "<!DOCTYPE x [<!ATTLIST ds:Reference Id ID #IMPLIED>]>" + good()),
                Arguments.of("it has a document type declaration", entities + good().replace("550.90.07", "&f;")),
                Arguments.of("it is not well-formed", good().replace("550.90.07", "&x;")),
                Arguments.of("it has a comment, a CDATA section", good().replace("<ns0:Meta", "<!-- --><ns0:Meta")),
                Arguments.of("it has a comment, a CDATA section", good() + "<!-- -->"),
                Arguments.of(
                        "it has a comment, a CDATA section",
                        good().replace("<ds:SignatureValue>", "<ds:SignatureValue><!-- -->")),
                Arguments.of(
                        "it has a comment, a CDATA section",
                        good().replace("<ds:X509Certificate>", "<ds:X509Certificate><![CDATA[]]>")),
                Arguments.of("it has a processing instruction", good().replace("<ns0:Meta", "<?x y?><ns0:Meta")),
                Arguments.of("it has a processing instruction", "<?xml-stylesheet href=\"x\"?>" + good(), ""),
                Arguments.of("its XML declaration", "<?xml version=\"1.1\"?>" + good()),
                Arguments.of("its XML declaration", "<?xml version=\"1.0\" encoding=\"UTF-16\"?>" + good()),
                Arguments.of("its XML declaration", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + good()),
                Arguments.of("it is not well-formed", "\uFEFF" + good()),
                Arguments.of("it is not well-formed", good() + good()),
                Arguments.of("it is not well-formed", good() + "x"),
                Arguments.of("it is not well-formed", ""),
                Arguments.of("it is not well-formed", "<"),
                Arguments.of("it is not well-formed", "<a><b></a></b>"),
                Arguments.of("there are 0 signatures", "<a/>"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("declarations")
    void refusesWhatIsMoreThanElements(String why, String xml) {
        String expected = xml.startsWith("<?xml-stylesheet") ? "its XML declaration" : why;
        String actual = refused(xml);
        assertTrue(actual.startsWith(expected), () -> "it was refused, but because " + actual);
    }

    @Test
    void readsAnXmlDeclaration() {
        for (String declaration : new String[] {
            "<?xml version=\"1.0\"?>",
            "<?xml version='1.0' encoding='utf-8'?>\n",
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\" ?>"
        }) {
            Rims.signed(READER.read(Bytes.utf8(declaration + good())));
        }
    }

    @Test
    void refusesOtherEncodings() {
        Bytes wide = Bytes.copyOf(good().getBytes(StandardCharsets.UTF_16));
        assertEquals("it is not text in UTF-8", Rims.refused(READER.read(wide)));
        Bytes wideWithoutMark = Bytes.copyOf(good().getBytes(StandardCharsets.UTF_16LE));
        assertTrue(Rims.refused(READER.read(wideWithoutMark)).startsWith("it is not well-formed"));
        Bytes latin = Bytes.copyOf(good().replace("NVIDIA", "NVIDI\u00C4").getBytes(StandardCharsets.ISO_8859_1));
        assertEquals("it is not text in UTF-8", Rims.refused(READER.read(latin)));
        Bytes overlong = Bytes.concat(Bytes.fromHex("c0bc"), GOOD.slice(1, GOOD.length()));
        assertEquals("it is not text in UTF-8", Rims.refused(READER.read(overlong)));
    }

    /** Of the length that is still read, as far as that can be. */
    static Stream<Arguments> floods() {
        int most = RimReader.MAX_LENGTH;
        var attributes = new StringBuilder("<a ");
        for (int i = 0; attributes.length() < most - 20; i++) {
            attributes.append('a').append(i).append("=\"\" ");
        }
        var prefixes = new StringBuilder("<a ");
        for (int i = 0; prefixes.length() < most - 30; i++) {
            prefixes.append("xmlns:a").append(i).append("=\"x\" ");
        }
        String head = "<a xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">";
        return Stream.of(
                Arguments.of("elements within elements", "<a>".repeat(most / 7) + "</a>".repeat(most / 7)),
                Arguments.of("elements that never end", "<a>".repeat(most / 3)),
                Arguments.of("attributes", attributes + "/>"),
                Arguments.of("prefixes", prefixes + "/>"),
                Arguments.of("text", "<a>" + "x".repeat(most - 7) + "</a>"),
                Arguments.of("brackets", "<a>" + "]]".repeat(most / 2 - 4) + "</a>"),
                Arguments.of("one attribute", "<a a=\"" + "&lt;".repeat(most / 4 - 8) + "\"/>"),
                Arguments.of("one name", "<" + "a".repeat(most - 3) + "/>"),
                Arguments.of("siblings", "<a>" + "<b/>".repeat(most / 4 - 2) + "</a>"),
                Arguments.of("signatures", head + "<ds:Signature/>".repeat(most / 15 - 10) + "</a>"),
                Arguments.of(
                        "certificates",
                        good().replace(
                                        "<ds:X509Data>",
                                        "<ds:X509Data>" + "<ds:X509Certificate/>".repeat((most - GOOD.length()) / 21))),
                Arguments.of(
                        "base64",
                        good().replaceFirst(
                                        "<ds:X509Certificate>",
                                        "<ds:X509Certificate>" + "A".repeat(most - GOOD.length()))),
                Arguments.of(
                        "white space",
                        good().replace(
                                        "<ds:SignatureValue>",
                                        "<ds:SignatureValue>" + "x ".repeat((most - GOOD.length()) / 2))),
                Arguments.of(
                        "character references",
                        good().replace("<ns0:Payload>", "<ns0:Payload>" + "&#32;".repeat((most - GOOD.length()) / 5))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    void endsAtOnceOnAFloodOf(String what, String xml) {
        assertTrue(xml.length() <= RimReader.MAX_LENGTH, what);
        assertFalse(refused(xml).isEmpty());
    }

    @Test
    void looksAtNothingLonger() {
        assertEquals("it has 262145 bytes", refused(good() + " ".repeat(RimReader.MAX_LENGTH + 1 - GOOD.length())));
        Rims.signed(READER.read(Bytes.utf8(good() + " ".repeat(RimReader.MAX_LENGTH - GOOD.length()))));
    }

    @Test
    void refusesEveryBeginning() {
        int end = good().lastIndexOf('>') + 1;
        for (int length = 0; length < end; length += 97) {
            refused(good().substring(0, length));
        }
        refused(good().substring(0, end - 1));
    }

    @Test
    void neverSaysAnythingElseAfterAFlippedBit() {
        ReferenceManifest manifest = Rims.signed(READER.read(GOOD)).manifest();
        int signed = 0;
        for (int at = 0; at < GOOD.length(); at++) {
            byte[] flipped = GOOD.toByteArray();
            flipped[at] ^= (byte) (1 << (at % 7));
            if (READER.read(Bytes.copyOf(flipped)) instanceof RimReader.Reading.Signed(SignedRim rim)) {
                assertEquals(manifest, rim.manifest());
                signed++;
            }
        }
        // What no signature covers: white space after the end, and within base64.
        assertTrue(signed <= 200, signed + " flips went unnoticed");
    }

    @Test
    void throwsNothingAtRandomBytes() {
        var random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(400)];
            random.nextBytes(bytes);
            Rims.refused(READER.read(Bytes.copyOf(bytes)));
            byte[] damaged = GOOD.toByteArray();
            int from = random.nextInt(damaged.length - 8);
            for (int at = from; at < from + 8; at++) {
                damaged[at] = (byte) "<>/\"'=&; x1:]!?".charAt(random.nextInt(15));
            }
            if (i % 4 == 0 && READER.read(Bytes.copyOf(damaged)) instanceof RimReader.Reading.Signed(SignedRim rim)) {
                assertEquals(Rims.signed(READER.read(GOOD)).manifest(), rim.manifest());
            }
        }
    }
}
