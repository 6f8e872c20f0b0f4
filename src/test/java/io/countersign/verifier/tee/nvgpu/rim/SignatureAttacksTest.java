package io.countersign.verifier.tee.nvgpu.rim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.AnchorRole;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.crypto.dsig.spec.XPathFilterParameterSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Documents that are signed, but not as NVIDIA signs, or not over what would be read. */
class SignatureAttacksTest {
    private static final String DSIG = "http://www.w3.org/2000/09/xmldsig#";
    private static final String GOOD = new SoftwareRim().sign();

    private static String refused(String xml) {
        return Rims.refused(SoftwareRim.reader().read(Bytes.utf8(xml)));
    }

    private static void assertRefused(String why, String xml) {
        String actual = refused(xml);
        assertTrue(actual.contains(why), () -> "it was refused, but because " + actual);
    }

    /** The part of a text between two others, these included. */
    private static String cut(String text, String from, String to) {
        int start = text.indexOf(from);
        return text.substring(start, text.indexOf(to, start) + to.length());
    }

    private static String signature(String xml) {
        return cut(xml, "<ds:Signature ", "</ds:Signature>");
    }

    /** The good document with one text replaced, which must be in it. */
    private static String with(String old, String replacement) {
        assertTrue(GOOD.contains(old), old);
        return GOOD.replace(old, replacement);
    }

    static Stream<Signatures> providers() {
        return Rims.providers().stream();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void acceptsWhatTheAttacksStartFrom(Signatures signatures) {
        RimReader reader = Rims.reader(
                SoftwareRim.anchors(SoftwareRim.PKI),
                AnchorRole.NVIDIA_RIM_ROOT,
                signatures,
                SignatureFacts.forgetful());
        ReferenceManifest manifest = Rims.signed(reader.read(Bytes.utf8(GOOD))).manifest();
        assertEquals(List.of(7, 8), List.copyOf(manifest.golden().keySet()));
        assertEquals("550.90.07", manifest.colloquialVersion());
    }

    static Stream<Arguments> algorithms() {
        return Stream.of(
                Arguments.of(
                        "exclusive c14n", form(rim -> rim.canonicalization("http://www.w3.org/2001/10/xml-exc-c14n#"))),
                Arguments.of(
                        "c14n 1.0",
                        form(rim -> rim.canonicalization("http://www.w3.org/TR/2001/REC-xml-c14n-20010315"))),
                Arguments.of(
                        "c14n 1.1 with comments",
                        form(rim -> rim.canonicalization(SoftwareRim.C14N11 + "#WithComments"))),
                Arguments.of(
                        "exclusive c14n as a transform",
                        form(rim -> rim.transforms(SoftwareRim.ENVELOPED, "http://www.w3.org/2001/10/xml-exc-c14n#"))),
                Arguments.of(
                        "c14n before enveloped",
                        form(rim -> rim.transforms(SoftwareRim.ENVELOPED, SoftwareRim.ENVELOPED))),
                Arguments.of("one transform", form(rim -> rim.transforms(SoftwareRim.ENVELOPED))),
                Arguments.of(
                        "three transforms",
                        form(rim -> rim.transforms(SoftwareRim.ENVELOPED, SoftwareRim.ENVELOPED, SoftwareRim.C14N11))),
                Arguments.of("an XPath transform", form(rim -> rim.transforms(
                                SoftwareRim.ENVELOPED,
                                "http://www.w3.org/TR/1999/REC-xpath-19991116",
                                SoftwareRim.C14N11)
                        .parameter(new XPathFilterParameterSpec("not(ancestor-or-self::*[local-name()='Payload'])")))),
                Arguments.of(
                        "an XSLT transform",
                        (Object)
                                with(
                                        "<ds:Transform Algorithm=\"" + SoftwareRim.C14N11 + "\"/>",
                                        "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\">"
                                                + "<x:stylesheet xmlns:x=\"http://www.w3.org/1999/XSL/Transform\" version=\"1.0\"/></ds:Transform>")),
                Arguments.of("a SHA-1 digest", form(rim -> rim.digest("http://www.w3.org/2000/09/xmldsig#sha1"))),
                Arguments.of("a SHA-256 digest", form(rim -> rim.digest("http://www.w3.org/2001/04/xmlenc#sha256"))),
                Arguments.of("a SHA-512 digest", form(rim -> rim.digest("http://www.w3.org/2001/04/xmlenc#sha512"))),
                Arguments.of(
                        "ECDSA with SHA-1",
                        form(rim -> rim.method("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1"))),
                Arguments.of(
                        "ECDSA with SHA-256",
                        form(rim -> rim.method("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"))),
                Arguments.of("RSA", form(rim -> rim.method("http://www.w3.org/2001/04/xmldsig-more#rsa-sha384")
                        .key(rsa()))),
                Arguments.of("HMAC with the public key as its secret", form(rim -> rim.method(
                                "http://www.w3.org/2001/04/xmldsig-more#hmac-sha384")
                        .key(new SecretKeySpec(SoftwareRim.PKI.leafPublicKey().getEncoded(), "HMAC")))));
    }

    private static String form(UnaryOperator<SoftwareRim> change) {
        return change.apply(new SoftwareRim()).sign();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("algorithms")
    void knowsOneAlgorithmEach(String name, String xml) {
        String actual = refused(xml);
        assertTrue(
                actual.contains(" has Algorithm=\"") || actual.startsWith("Transforms has "),
                () -> name + " was refused, but because " + actual);
    }

    @Test
    void refusesAnOutputLength() {
        assertRefused(
                "SignatureMethod has 1 elements",
                with(
                        "ecdsa-sha384\"/>",
                        "ecdsa-sha384\"><ds:HMACOutputLength>1</ds:HMACOutputLength></ds:SignatureMethod>"));
    }

    @Test
    void refusesOtherReferences() {
        assertRefused("has URI=\"#whole\"", form(rim -> rim.idOfRoot("whole").references("#whole")));
        assertRefused("SignedInfo has 4 elements", form(rim -> rim.references("", "")));
        assertRefused("has no attribute URI", with("<ds:Reference URI=\"\">", "<ds:Reference>"));
        assertRefused(
                "has URI=\"https://example.com/rim\"",
                with("<ds:Reference URI=\"\">", "<ds:Reference URI=\"https://example.com/rim\">"));
        assertRefused("has an attribute that is not known: Type", with("URI=\"\"", "URI=\"\" Type=\"x\""));
    }

    @Test
    void refusesIdentifiersAndObjects() {
        assertRefused("Signature has 4 elements", form(SoftwareRim::withObject));
        assertRefused("not known: Id", with("<ds:Signature xmlns", "<ds:Signature Id=\"a\" xmlns"));
        assertRefused("not known: Id", with("<ds:SignedInfo>", "<ds:SignedInfo Id=\"a\">"));
        assertRefused("not known: Id", with("<ds:SignatureValue>", "<ds:SignatureValue Id=\"a\">"));
        assertRefused("not known: Id", with("<ds:KeyInfo>", "<ds:KeyInfo Id=\"a\">"));
        assertRefused("not known: Id", form(rim -> rim.idOfRoot("whole")));
        assertRefused(
                "not known: {http://www.w3.org/XML/1998/namespace}id",
                with("<ds:KeyInfo>", "<ds:KeyInfo xml:id=\"a\">"));
    }

    @Test
    void refusesASignatureThatIsNotAtTheEndOfTheRoot() {
        String signature = signature(GOOD);
        String bare = GOOD.replace(signature, "");
        assertRefused("where Signature should be", bare.replace("<ns0:Entity", signature + "<ns0:Entity"));
        assertRefused("where Signature should be", bare.replace("<ns0:Payload>", "<ns0:Payload>" + signature));
        assertRefused(
                "where Signature should be",
                bare.replace("</SoftwareIdentity>", "<ns0:Entity>" + signature + "</ns0:Entity></SoftwareIdentity>"));
        assertRefused("there are 0 signatures", bare);
        assertRefused("there are 2 signatures", GOOD.replace(signature, signature + signature));
        assertRefused("there are 2 signatures", GOOD.replace("<ns0:Payload>", "<ns0:Payload>" + signature(GOOD)));
    }

    @Test
    void refusesADocumentWrappedAroundTheSignedOne() {
        String evil = new ManifestText()
                .records(ManifestText.record(7, "True", List.of("cd".repeat(48))))
                .toString();
        String inner = GOOD.replace(signature(GOOD), "");
        assertRefused(
                "the document was altered after it was signed",
                evil.replace("</SoftwareIdentity>", signature(GOOD) + "</SoftwareIdentity>"));
        assertRefused(
                "the document was altered after it was signed",
                evil.replace("</SoftwareIdentity>", inner + signature(GOOD) + "</SoftwareIdentity>"));
        assertRefused(
                "the document was altered after it was signed",
                GOOD.replace("<ns0:Payload>", new ManifestText().payload() + "<ns0:Payload>"));
    }

    @Test
    void refusesASignatureByAnotherKeyBesideTheGenuineChain() {
        KeyPair other = SoftwareRimPki.key();
        String why = "signed by another key than that of the certificate chain";
        assertRefused(why, form(rim -> rim.key(other.getPrivate())));
        assertRefused(why, form(rim -> rim.certificates(SoftwareRim.PKI.chainOf(other))));
    }

    @Test
    void takesNoKeyFromElsewhere() {
        KeyPair other = SoftwareRimPki.key();
        String point = Base64.getEncoder()
                .encodeToString(Bytes.copyOf(other.getPublic().getEncoded())
                        .slice(23, 120)
                        .toByteArray());
        String value = "<ds:KeyValue><d:ECKeyValue xmlns:d=\"http://www.w3.org/2009/xmldsig11#\">"
                + "<d:NamedCurve URI=\"urn:oid:1.3.132.0.34\"/><d:PublicKey>" + point
                + "</d:PublicKey></d:ECKeyValue></ds:KeyValue>";
        String data = SoftwareRim.x509Data(SoftwareRim.PKI.chain());
        String second = SoftwareRim.x509Data(List.of(SoftwareRim.PKI.leaf()));
        for (String keyInfo : List.of(
                value + data,
                data + value,
                value,
                data + second,
                second + data,
                "<ds:KeyName>NVIDIA</ds:KeyName>" + data,
                data + "<ds:RetrievalMethod URI=\"#x\"/>",
                "<ds:PGPData/>" + data,
                "")) {
            String xml = form(rim -> rim.key(other.getPrivate()).keyInfo(keyInfo));
            String actual = refused(xml);
            assertTrue(
                    actual.startsWith("KeyInfo has ") || actual.contains("where X509Data should be"),
                    () -> keyInfo + " was refused, but because " + actual);
        }
        assertRefused(
                "where X509Certificate should be",
                with("<ds:X509Data>", "<ds:X509Data><ds:X509SubjectName>CN=x</ds:X509SubjectName>"));
    }

    @Test
    void wantsTheFourCertificatesInTheirOrder() {
        List<Bytes> chain = SoftwareRim.PKI.chain();
        var five = new ArrayList<>(chain);
        five.add(SoftwareRim.PKI.leaf());
        assertRefused("there are more than 4 certificates", form(rim -> rim.certificates(five)));
        assertRefused("the number of certificates is 3, not 4", form(rim -> rim.certificates(chain.subList(0, 3))));
        assertRefused("not a root that is pinned here", form(rim -> rim.certificates(chain.reversed())));
        assertRefused(
                "does not bear the name of its issuer",
                form(rim -> rim.certificates(List.of(chain.get(0), chain.get(2), chain.get(1), chain.get(3)))));
        assertRefused(
                "it is a certificate authority",
                form(rim -> rim.certificates(List.of(chain.get(1), chain.get(1), chain.get(2), chain.get(3)))));
        assertRefused(
                "certificate 1: not an X.509 certificate", form(rim -> rim.certificates(List.of(Bytes.utf8("x")))));
        assertRefused("X509Certificate is not base64", with("<ds:X509Certificate>", "<ds:X509Certificate>*"));
    }

    @Test
    void refusesAnotherRootWithTheSameNames() {
        var foreign = new SoftwareRimPki("NVIDIA Reference Value GH100 CA", "NVIDIA Reference Value L3 GH100 001");
        assertRefused("not a root that is pinned here", form(rim -> rim.by(foreign)));
        assertRefused("its authority key identifier names another key", form(rim -> rim.by(foreign)
                .certificates(List.of(
                        foreign.chain().get(0),
                        foreign.chain().get(1),
                        foreign.chain().get(2),
                        SoftwareRim.PKI.root()))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NVIDIA Reference Value GB1XX CA 001|NVIDIA Reference Value L3 GB100-CC 001|GB100|''",
                "NVIDIA Reference Value GB1XX CA 001|NVIDIA Reference Value L3 GB100-CC 001|GB102|''",
                "NVIDIA Reference Value LS10 CA|NVIDIA Reference Value L3 LS10 001|LS10|''",
                "NVIDIA Reference Value GB1XX CA 001|NVIDIA Reference Value L3 GB100-CC 001|GH100|the manifest is for GH100",
                "NVIDIA Reference Value GB1XX CA 001|NVIDIA Reference Value L3 GB100-CC 001|GB202|the manifest is for GB202",
                "NVIDIA Reference Value GB1XX CA 001|NVIDIA Reference Value L3 GB100-CC 001|GB1000|the manifest is for GB1000",
                "NVIDIA Reference Value GH100 CA|NVIDIA Reference Value L3 GH100 001|LS10|the manifest is for LS10",
                "NVIDIA Reference Value GH100 CA|NVIDIA Reference Value L3 LS10 001|GH100|the authorities are called",
                "NVIDIA Reference Value GH100|NVIDIA Reference Value L3 GH100 001|GH100|''",
                "Reference Value GH100 CA|NVIDIA Reference Value L3 GH100 001|GH100|''",
                "NVIDIA Reference Value GH100 CA|Someone L3 GH100 001|GH100|''"
            })
    void aFamilySignsForItsOwnChipsOnly(String authority, String issuer, String chip, String why) {
        var pki = new SoftwareRimPki(authority, issuer);
        Bytes rim = new SoftwareRim()
                .by(pki)
                .manifest(new ManifestText().name(chip).product(chip))
                .bytes();
        RimReader.Reading reading = Rims.reader(
                        SoftwareRim.anchors(pki), AnchorRole.NVIDIA_RIM_ROOT, Rims.FAST, SignatureFacts.forgetful())
                .read(rim);
        if (why.isEmpty()) {
            assertEquals(chip, Rims.signed(reading).manifest().product());
        } else {
            assertTrue(Rims.refused(reading).startsWith(why), () -> "" + reading);
        }
    }

    @Test
    void aFamilySignsForNoOtherNameOnTheOutsideEither() {
        assertRefused(
                "the manifest is for LS10",
                new SoftwareRim().manifest(new ManifestText().name("LS10")).sign());
        assertRefused(
                "the manifest is for LS10",
                new SoftwareRim().manifest(new ManifestText().product("LS10")).sign());
    }

    @Test
    void wantsNumbersOverTheCurve() {
        String value = cut(GOOD, "<ds:SignatureValue>", "</ds:SignatureValue>");
        for (int length : new int[] {0, 48, 95, 96, 97, 104}) {
            String zeros = Base64.getEncoder().encodeToString(new byte[length]);
            assertRefused(
                    "the signature is not two numbers over P-384",
                    GOOD.replace(value, "<ds:SignatureValue>" + zeros + "</ds:SignatureValue>"));
        }
        String order =
                "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973";
        String one = "00".repeat(47) + "01";
        for (String numbers : List.of(order + one, one + order, one + "00".repeat(48), "00".repeat(48) + one)) {
            String text =
                    Base64.getEncoder().encodeToString(Bytes.fromHex(numbers).toByteArray());
            assertRefused(
                    "the signature is not two numbers over P-384",
                    GOOD.replace(value, "<ds:SignatureValue>" + text + "</ds:SignatureValue>"));
        }
        assertRefused(
                "the digest is not one of SHA-384",
                GOOD.replace(
                        cut(GOOD, "<ds:DigestValue>", "</ds:DigestValue>"), "<ds:DigestValue>AAAA</ds:DigestValue>"));
        assertRefused("SignatureValue is not base64", GOOD.replace(value, value.replace("</", "!</")));
        assertRefused(
                "SignatureValue has an element inside",
                with("<ds:SignatureValue>", "<ds:SignatureValue><ds:Object xmlns:ds=\"" + DSIG + "\"/>"));
    }

    private static java.security.PrivateKey rsa() {
        try {
            return KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
