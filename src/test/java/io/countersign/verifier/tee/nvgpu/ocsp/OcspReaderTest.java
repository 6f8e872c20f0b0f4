package io.countersign.verifier.tee.nvgpu.ocsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.Window;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OcspReaderTest {
    private static final Signatures SIGNATURES = Signatures.by(new BouncyCastleProvider());
    private static final Party ROOT = Party.root("Root");
    private static final Party ISSUER = ROOT.authority("Issuer", 2);
    private static final Party SUBJECT = ISSUER.authority("Subject", 0x1234);
    private static final Party SIBLING = ISSUER.authority("Sibling", 0x5678);
    private static final Party DELEGATE = ISSUER.responder(77);

    /** Another authority of the same name, with a certificate of the same serial number under it. */
    private static final Party NAMESAKE = Party.root("Other root").authority("Issuer", 2);

    private static final Party OF_NAMESAKE = NAMESAKE.authority("Subject", 0x1234);

    private final OcspReader reader = new OcspReader(SIGNATURES, SignatureFacts.forgetful());

    private OcspReader.Reading read(Bytes der) {
        return read(der, SUBJECT, ISSUER);
    }

    private OcspReader.Reading read(Bytes der, Party subject, Party issuer) {
        return reader.read(der, subject.certificate(), issuer.certificate(), issuer.key());
    }

    private SignedAnswer signed(Bytes der) {
        return assertInstanceOf(OcspReader.Reading.Signed.class, read(der)).answer();
    }

    private void refused(Bytes der, String because) {
        var refused = assertInstanceOf(OcspReader.Reading.Refused.class, read(der));
        assertTrue((refused.expected() + ": " + refused.actual()).contains(because), refused.toString());
    }

    private static AnswerDraft good() {
        return AnswerDraft.by(ISSUER).says(AnswerDraft.about(SUBJECT, ISSUER));
    }

    private static AnswerDraft goodBy(Party delegate) {
        return AnswerDraft.byDelegate(delegate).says(AnswerDraft.about(SUBJECT, ISSUER));
    }

    @Test
    void readsWhatTheIssuerSays() {
        assertEquals(
                new SignedAnswer(
                        new Status.Good(),
                        AnswerDraft.MADE,
                        AnswerDraft.MADE,
                        Optional.of(AnswerDraft.MADE.plusSeconds(6 * 3600)),
                        Optional.empty(),
                        Optional.empty()),
                signed(good().der()));
    }

    @Test
    void readsWhatAResponderSaysThatTheIssuerAppointed() {
        assertEquals(
                Optional.of(new SignedAnswer.Delegate(BigInteger.valueOf(77), Party.LONG)),
                signed(goodBy(DELEGATE).der()).delegate());
    }

    @Test
    void responderMayNameItselfByItsKey() {
        signed(good().namedByKey(ISSUER).der());
        signed(goodBy(DELEGATE).namedByKey(DELEGATE).der());
    }

    @Test
    void issuersOwnCertificateMayComeAlong() {
        signed(good().carrying(ISSUER.certificate().der()).der());
        signed(goodBy(DELEGATE).carrying(ISSUER.certificate().der()).der());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA-1", "SHA-256", "SHA-384"})
    void certificateMayBeNamedUnderThreeHashes(String hash) {
        signed(AnswerDraft.by(ISSUER)
                .says(AnswerDraft.about(hash, SUBJECT, ISSUER))
                .der());
        Bytes ofSibling = AnswerDraft.by(ISSUER)
                .says(AnswerDraft.about(hash, SIBLING, ISSUER))
                .der();
        assertEquals(new OcspReader.Reading.AboutOthers(), read(ofSibling));
    }

    @Test
    void certificateNamedUnderAnotherHashCannotBeToldAndIsRefused() {
        Bytes der = AnswerDraft.by(ISSUER)
                .says(AnswerDraft.about("SHA-512", SUBJECT, ISSUER))
                .der();
        refused(der, "SHA-1, SHA-256 or SHA-384");
        assertEquals(new OcspReader.Reading.AboutOthers(), read(der, SIBLING, ISSUER));
    }

    @Test
    void hashesAreThoseOfTheAlgorithmThatIsNamed() {
        assertEquals(
                new OcspReader.Reading.AboutOthers(),
                read(AnswerDraft.by(ISSUER)
                        .says(AnswerDraft.about("SHA-384", NISTObjectIdentifiers.id_sha256, SUBJECT, ISSUER))
                        .der()));
    }

    @Test
    void answerAboutAnotherCertificateOfTheIssuerIsAboutOthers() {
        Bytes der =
                AnswerDraft.by(ISSUER).says(AnswerDraft.about(SIBLING, ISSUER)).der();
        assertEquals(new OcspReader.Reading.AboutOthers(), read(der));
        assertInstanceOf(OcspReader.Reading.Signed.class, read(der, SIBLING, ISSUER));
    }

    @Test
    void answerAboutTheSameSerialUnderANamesakeIsAboutOthers() {
        Bytes der = AnswerDraft.by(NAMESAKE)
                .says(AnswerDraft.about(OF_NAMESAKE, NAMESAKE))
                .der();
        assertEquals(new OcspReader.Reading.AboutOthers(), read(der));
        assertInstanceOf(OcspReader.Reading.Signed.class, read(der, OF_NAMESAKE, NAMESAKE));
    }

    @Test
    void namesakeOfTheIssuerCannotSpeakForIt() {
        refused(good().signedBy(NAMESAKE.keys()).der(), "the issuer's key did not sign it");
        refused(
                good().signedBy(NAMESAKE.keys())
                        .carrying(NAMESAKE.certificate().der())
                        .der(),
                "the issuer's key did not sign it");
    }

    @Test
    void oneAnswerMaySayDifferentThingsAboutSeveralCertificates() {
        Bytes der = AnswerDraft.by(ISSUER)
                .says(AnswerDraft.about(SUBJECT, ISSUER))
                .says(AnswerDraft.about(SIBLING, ISSUER).revoked(1))
                .der();
        var remembering = new OcspReader(SIGNATURES, new Remembering());
        for (int i = 0; i < 2; i++) {
            var ofSubject = remembering.read(der, SUBJECT.certificate(), ISSUER.certificate(), ISSUER.key());
            var ofSibling = remembering.read(der, SIBLING.certificate(), ISSUER.certificate(), ISSUER.key());
            assertEquals(
                    new Status.Good(),
                    assertInstanceOf(OcspReader.Reading.Signed.class, ofSubject)
                            .answer()
                            .status());
            assertInstanceOf(
                    Status.Revoked.class,
                    assertInstanceOf(OcspReader.Reading.Signed.class, ofSibling)
                            .answer()
                            .status());
        }
    }

    @Test
    void onlyWhatIsSignedIsRemembered() {
        var facts = new Remembering();
        var remembering = new OcspReader(SIGNATURES, facts);
        Bytes der = good().der();
        for (Bytes bad : List.of(good().signedBy(SIBLING.keys()).der(), AnswerDraft.only(3), der.slice(1, 9))) {
            remembering.read(bad, SUBJECT.certificate(), ISSUER.certificate(), ISSUER.key());
        }
        assertEquals(Map.of(), facts.all);
        var first = remembering.read(der, SUBJECT.certificate(), ISSUER.certificate(), ISSUER.key());
        assertEquals(1, facts.all.size());
        assertEquals(first, remembering.read(der, SUBJECT.certificate(), ISSUER.certificate(), ISSUER.key()));
        // What is remembered under one issuer says nothing under another.
        assertEquals(
                new OcspReader.Reading.AboutOthers(),
                remembering.read(der, OF_NAMESAKE.certificate(), NAMESAKE.certificate(), NAMESAKE.key()));
    }

    @Test
    void twoStatementsAboutOneCertificateAreRefused() {
        refused(good().says(AnswerDraft.about(SUBJECT, ISSUER).revoked(1)).der(), "says one thing about Subject");
        refused(
                good().says(AnswerDraft.about("SHA-1", SUBJECT, ISSUER).revoked(1))
                        .der(),
                "says one thing about Subject");
    }

    @Test
    void readsEveryStatus() {
        assertEquals(
                new Status.Revoked(Optional.of(1), AnswerDraft.MADE.minusSeconds(86_400)),
                signed(AnswerDraft.by(ISSUER)
                                .says(AnswerDraft.about(SUBJECT, ISSUER).revoked(1))
                                .der())
                        .status());
        assertEquals(
                new Status.Revoked(Optional.empty(), AnswerDraft.MADE.minusSeconds(86_400)),
                signed(AnswerDraft.by(ISSUER)
                                .says(AnswerDraft.about(SUBJECT, ISSUER).revokedWithoutReason())
                                .der())
                        .status());
        assertEquals(
                new Status.Unknown(),
                signed(AnswerDraft.by(ISSUER)
                                .says(AnswerDraft.about(SUBJECT, ISSUER).unknown())
                                .der())
                        .status());
        refused(
                AnswerDraft.by(ISSUER)
                        .says(AnswerDraft.about(SUBJECT, ISSUER).status(3))
                        .der(),
                "an OCSP answer in DER");
    }

    @ParameterizedTest
    @CsvSource({"1, malformedRequest", "2, internalError", "3, tryLater", "5, sigRequired", "6, unauthorized", "4, 4"})
    void unsuccessfulAnswerIsRefusedWithItsWord(int status, String word) {
        refused(AnswerDraft.only(status), "its status is " + word);
        refused(good().status(status).der(), "its status is " + word);
    }

    @Test
    void answerOfAnotherTypeOrWithoutContentIsRefused() {
        refused(good().type(AnswerDraft.UNHEARD_OF).der(), "a basic OCSP answer");
        refused(AnswerDraft.only(0), "a basic OCSP answer");
    }

    @Test
    void versionThatIsWrittenOutIsRefused() {
        refused(good().version(0).der(), "version 1");
        refused(good().version(1).der(), "version 1");
    }

    @Test
    void answerAboutNothingOrTooMuchIsRefused() {
        refused(AnswerDraft.by(ISSUER).der(), "it is about 0");
        var many = good();
        for (int i = 0; i < ParsedAnswer.MAX_SINGLES - 1; i++) {
            many.says(sibling(i));
        }
        signed(many.der());
        refused(many.says(sibling(1000)).der(), "it is about 65");
    }

    private static AnswerDraft.Said sibling(int number) {
        return AnswerDraft.named(
                NISTObjectIdentifiers.id_sha384,
                AnswerDraft.id("SHA-384", SIBLING, ISSUER, BigInteger.valueOf(0x10000 + number)));
    }

    @Test
    void answerWithTooManyCertificatesIsRefused() {
        var draft = goodBy(DELEGATE);
        for (int i = 1; i < ParsedAnswer.MAX_CERTIFICATES; i++) {
            draft.carrying(SIBLING.certificate().der());
        }
        signed(draft.der());
        refused(draft.carrying(SIBLING.certificate().der()).der(), "it has 6");
    }

    @Test
    void answerThatIsTooLongIsRefused() {
        refused(Bytes.zeros(ParsedAnswer.MAX_LENGTH + 1), "at most 65536 bytes");
        refused(Bytes.zeros(ParsedAnswer.MAX_LENGTH), "an OCSP answer in DER");
    }

    @Test
    void criticalExtensionsThatAreNotKnownAreRefusedAndOthersAreNot() {
        refused(good().extension(true).der(), AnswerDraft.UNHEARD_OF.getId());
        signed(good().extension(false).der());
        refused(
                AnswerDraft.by(ISSUER)
                        .says(AnswerDraft.about(SUBJECT, ISSUER).extension(true))
                        .der(),
                AnswerDraft.UNHEARD_OF.getId());
        signed(AnswerDraft.by(ISSUER)
                .says(AnswerDraft.about(SUBJECT, ISSUER).extension(false))
                .der());
    }

    @Test
    void nonceIsReadWhetherCriticalOrNot() {
        Bytes nonce = Bytes.utf8("nonce").sha256();
        for (boolean critical : new boolean[] {false, true}) {
            Bytes der = good().nonce(nonce, critical).der();
            assertEquals(Optional.of(nonce), signed(der).nonce());
            assertEquals(Optional.of(nonce), OcspQuestion.nonceOf(der));
        }
        assertEquals(Optional.empty(), OcspQuestion.nonceOf(good().der()));
        assertEquals(Optional.empty(), OcspQuestion.nonceOf(AnswerDraft.only(3)));
    }

    @Test
    void nonceOfNoAnswersFormIsRefused() {
        refused(good().nonce(Bytes.empty(), false).der(), "an OCSP answer in DER");
        refused(good().nonce(Bytes.zeros(129), false).der(), "an OCSP answer in DER");
        signed(good().nonce(Bytes.zeros(128), false).der());
        refused(good().nonceExtension(Bytes.fromHex("0102"), false).der(), "an OCSP answer in DER");
        refused(
                good().nonce(Bytes.zeros(32), false)
                        .nonce(Bytes.zeros(32), false)
                        .der(),
                "an OCSP answer in DER");
    }

    static Stream<AlgorithmIdentifier> otherAlgorithms() {
        return Stream.of(
                new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA384, DERNull.INSTANCE),
                new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256),
                new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.2.840.113549.1.1.12"), DERNull.INSTANCE));
    }

    @ParameterizedTest
    @MethodSource("otherAlgorithms")
    void anyOtherAlgorithmIsRefused(AlgorithmIdentifier other) {
        refused(good().algorithm("SHA384withECDSA", other).der(), "the issuer's key did not sign it");
    }

    @Test
    void sha256IsRefusedEvenWhereItIsSigned() {
        refused(
                good().algorithm("SHA256withECDSA", new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256))
                        .der(),
                "the issuer's key did not sign it");
    }

    @Test
    void responderWhoseCertificateDoesNotComeAlongIsRefused() {
        refused(goodBy(DELEGATE).carryingNothing().der(), "neither the issuer nor one whose certificate");
        refused(good().namedBy(SIBLING).der(), "neither the issuer nor one whose certificate");
        refused(goodBy(DELEGATE).namedBy(ISSUER).der(), "the issuer's key did not sign it");
        refused(goodBy(DELEGATE).namedByKey(SIBLING).der(), "neither the issuer nor one whose certificate");
    }

    private void refusedDelegate(Consumer<Party.Draft> made, String because) {
        refused(goodBy(ISSUER.issue("Responder", 78, made)).der(), because);
    }

    @Test
    void responderOfAnotherAuthorityIsRefused() {
        refused(goodBy(ROOT.responder(77)).der(), "it was not issued by Issuer");
        refused(goodBy(NAMESAKE.responder(77)).der(), "it is not signed by Issuer");
        refusedDelegate(
                draft -> {
                    draft.signs().purpose(KeyPurposeId.id_kp_OCSPSigning);
                    draft.signer = SIBLING.keys();
                },
                "it is not signed by Issuer");
    }

    @Test
    void responderWithoutItsPurposeIsRefused() {
        refusedDelegate(Party.Draft::signs, "extended key usage");
        refusedDelegate(draft -> draft.signs().purpose(KeyPurposeId.id_kp_timeStamping), "extended key usage");
        refusedDelegate(draft -> draft.signs().purpose(KeyPurposeId.anyExtendedKeyUsage), "extended key usage");
        refusedDelegate(
                draft -> draft.signs().with(Extension.extendedKeyUsage, false, DERNull.INSTANCE), "extended key usage");
    }

    @Test
    void responderThatMayNotSignDataIsRefused() {
        refusedDelegate(
                draft -> draft.with(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyAgreement))
                        .purpose(KeyPurposeId.id_kp_OCSPSigning),
                "to sign data");
    }

    @Test
    void authorityIsNoResponder() {
        refusedDelegate(draft -> draft.authority().purpose(KeyPurposeId.id_kp_OCSPSigning), "certificate authority");
    }

    @Test
    void responderWithACriticalExtensionThatIsNotKnownIsRefused() {
        refusedDelegate(
                draft -> draft.signs()
                        .purpose(KeyPurposeId.id_kp_OCSPSigning)
                        .with(AnswerDraft.UNHEARD_OF, true, DERNull.INSTANCE),
                AnswerDraft.UNHEARD_OF.getId());
        signed(goodBy(ISSUER.issue("Responder", 79, draft -> draft.signs()
                        .purpose(KeyPurposeId.id_kp_OCSPSigning)
                        .with(OCSPObjectIdentifiers.id_pkix_ocsp_nocheck, false, DERNull.INSTANCE)))
                .der());
    }

    @Test
    void responderOnAnotherCurveIsRefused() {
        var keys = Party.pair("secp256r1");
        refusedDelegate(
                draft -> {
                    draft.signs().purpose(KeyPurposeId.id_kp_OCSPSigning);
                    draft.keys = keys;
                },
                "its key did not sign the answer");
    }

    @Test
    void certificateCannotSpeakForItself() {
        Party speaking = ISSUER.issue("Speaking", 80, draft -> draft.signs().purpose(KeyPurposeId.id_kp_OCSPSigning));
        Bytes der = AnswerDraft.byDelegate(speaking)
                .says(AnswerDraft.about(speaking, ISSUER))
                .der();
        var refused = assertInstanceOf(OcspReader.Reading.Refused.class, read(der, speaking, ISSUER));
        assertTrue(refused.actual().contains("cannot speak for itself"), refused.actual());
    }

    @Test
    void answerEndsWithWhateverEndsFirst() {
        Instant made = AnswerDraft.MADE;
        var answer = signed(goodBy(ISSUER.issue("Responder", 81, draft -> {
                    draft.signs().purpose(KeyPurposeId.id_kp_OCSPSigning);
                    draft.window = new Window(made.minusSeconds(60), made.plusSeconds(2 * 3600));
                }))
                .der());
        assertEquals(made.plusSeconds(2 * 3600), answer.until(Duration.ofDays(1)));
        assertEquals(made.plusSeconds(3600), answer.until(Duration.ofHours(1)));
        assertEquals(made.plusSeconds(6 * 3600), signed(good().der()).until(Duration.ofDays(1)));
        assertEquals(
                made.plusSeconds(3600),
                signed(AnswerDraft.by(ISSUER)
                                .says(AnswerDraft.about(SUBJECT, ISSUER).withoutNextUpdate())
                                .der())
                        .until(Duration.ofDays(1)));
    }

    @Test
    void answerBeginsWithWhateverBeginsLast() {
        Instant later = AnswerDraft.MADE.plusSeconds(100);
        assertEquals(AnswerDraft.MADE, signed(good().der()).from());
        assertEquals(later, signed(good().producedAt(later).der()).from());
        assertEquals(
                later,
                signed(AnswerDraft.by(ISSUER)
                                .says(AnswerDraft.about(SUBJECT, ISSUER).thisUpdate(later))
                                .der())
                        .from());
        assertEquals(
                later,
                signed(goodBy(ISSUER.issue("Responder", 82, draft -> {
                                    draft.signs().purpose(KeyPurposeId.id_kp_OCSPSigning);
                                    draft.window = new Window(later, Party.LONG.notAfter());
                                }))
                                .der())
                        .from());
    }

    @ParameterizedTest
    @ValueSource(strings = {"20260601120000", "20260601120000+0200", "20260601120000.5Z", "20260231120000Z"})
    void timeThatIsNotInUtcToTheSecondIsRefused(String text) {
        refused(
                AnswerDraft.by(ISSUER)
                        .says(AnswerDraft.about(SUBJECT, ISSUER).thisUpdate(text))
                        .der(),
                "DER");
    }

    @Test
    void everyTruncationIsRefused() {
        Bytes der = goodBy(DELEGATE).nonce(Bytes.zeros(32), false).der();
        for (int length = 0; length < der.length(); length++) {
            assertInstanceOf(OcspReader.Reading.Refused.class, read(der.slice(0, length)), "length " + length);
        }
        refused(Bytes.concat(der, Bytes.zeros(1)), "DER");
    }

    /** Whatever is changed: it is not believed, or says exactly what it said before. */
    @Test
    void noChangedByteChangesWhatIsBelieved() {
        for (Bytes der : List.of(
                goodBy(DELEGATE).nonce(Bytes.zeros(32), false).der(),
                AnswerDraft.by(ISSUER)
                        .says(AnswerDraft.about("SHA-1", SUBJECT, ISSUER).revoked(6))
                        .carrying(ISSUER.certificate().der())
                        .der())) {
            SignedAnswer honest = signed(der);
            byte[] bytes = der.toByteArray();
            for (int i = 0; i < bytes.length; i++) {
                for (int mask : new int[] {0x01, 0xFF}) {
                    bytes[i] ^= (byte) mask;
                    if (read(Bytes.copyOf(bytes)) instanceof OcspReader.Reading.Signed(SignedAnswer answer)) {
                        assertEquals(honest, answer, "byte " + i);
                    }
                    bytes[i] ^= (byte) mask;
                }
            }
            assertEquals(honest, signed(Bytes.copyOf(bytes)));
        }
    }

    @Test
    void randomBytesAreRefused() {
        var random = new SplittableRandom(6960);
        Bytes head = good().der().slice(0, 8);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            assertInstanceOf(OcspReader.Reading.Refused.class, read(Bytes.copyOf(bytes)));
            assertInstanceOf(OcspReader.Reading.Refused.class, read(Bytes.concat(head, Bytes.copyOf(bytes))));
        }
    }

    @Test
    void deepNestingIsRefused() {
        byte[] deep = new byte[60_000];
        for (int i = 0; i < deep.length; i += 2) {
            deep[i] = 0x30;
            deep[i + 1] = (byte) 0x80;
        }
        refused(Bytes.copyOf(deep), "DER");
    }

    static final class Remembering implements SignatureFacts {
        final Map<Key, Object> all = new HashMap<>();

        @Override
        public <T> Optional<T> recall(Key key, Class<T> type) {
            return Optional.ofNullable(all.get(key)).map(type::cast);
        }

        @Override
        public void remember(Key key, Object fact) {
            all.put(key, fact);
        }
    }
}
