package io.countersign.verifier.tee.nvgpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.tee.nvgpu.ocsp.AnswerDraft;
import io.countersign.verifier.tee.nvgpu.ocsp.Party;
import io.countersign.verifier.tee.nvgpu.pki.SignedChain;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.Tolerances;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

class NvidiaRevocationJudgeTest {
    private static final Signatures SIGNATURES = Signatures.by(new BouncyCastleProvider());
    private static final Instant AT = AnswerDraft.MADE.plusSeconds(1800);
    private static final Party ROOT = Party.root("Root");
    private static final Party L2 = ROOT.authority("L2", 2);
    private static final Party L3 = L2.authority("L3", 3);
    private static final Party CHIP = L3.authority("Chip", 4);
    private static final Party LEAF = CHIP.issue("Leaf", 5, Party.Draft::signs);
    private static final List<RevocationQuestion> DEVICE = RevocationQuestion.ofDevice(chain(LEAF, CHIP, L3, L2, ROOT));

    private static final Party SIGNER = L3.issue("Signer", 6, Party.Draft::signs);
    private static final List<RevocationQuestion> RIM = RevocationQuestion.ofRim(chain(SIGNER, L3, L2, ROOT));

    private final NvidiaRevocationJudge judge = new NvidiaRevocationJudge(SIGNATURES, SignatureFacts.forgetful());
    private final List<Bytes> ocsp = new ArrayList<>();
    private final List<Bytes> crls = new ArrayList<>();
    private final Map<EndorsementRef, Availability> gathered = new HashMap<>();
    private Instant at = AT;
    private Tolerances tolerances = Tolerances.strict("p");

    private static SignedChain chain(Party... parties) {
        return new SignedChain(
                Stream.of(parties).map(Party::certificate).toList(),
                Stream.of(parties).map(Party::key).toList());
    }

    private static Bytes answer(Party subject, Party issuer, UnaryOperator<AnswerDraft.Said> says) {
        return AnswerDraft.by(issuer)
                .says(says.apply(AnswerDraft.about(subject, issuer)))
                .der();
    }

    private static Bytes good(Party subject, Party issuer) {
        return answer(subject, issuer, said -> said);
    }

    /** What the service has about everything but some certificates. */
    private void ownAnswersBut(Party... others) {
        for (RevocationQuestion question : List.copyOf(DEVICE)) {
            own(question, issuer(question), subject(question), others);
        }
        own(RIM.getFirst(), L3, SIGNER, others);
        own(RIM.get(1), L2, L3, others);
        own(RIM.get(2), ROOT, L2, others);
    }

    private void own(RevocationQuestion question, Party issuer, Party subject, Party... others) {
        if (!List.of(others).contains(subject)) {
            gathered.put(question.ref(), new Availability.InHand(good(subject, issuer)));
        }
    }

    private void own(RevocationQuestion question, Bytes der) {
        gathered.put(question.ref(), new Availability.InHand(der));
    }

    private static Party issuer(RevocationQuestion question) {
        return party(question.issuer().serial());
    }

    private static Party subject(RevocationQuestion question) {
        return party(question.subject().serial());
    }

    private static Party party(BigInteger serial) {
        return List.of(ROOT, L2, L3, CHIP, LEAF, SIGNER).get(serial.intValueExact() - 1);
    }

    private Endorsements inHand() {
        return Endorsements.brought(Map.of("nvidia.ocsp", ocsp, "nvidia.crls", crls))
                .with(gathered);
    }

    private NvidiaRevocationJudge.Judgement judged(List<RevocationQuestion> questions) {
        return judge.judge(
                questions, new AuthenticationContext(at, inHand(), tolerances, BindingMethod.NONE, Optional.empty()));
    }

    private void failsWith(List<RevocationQuestion> questions, String because, Optional<String> status) {
        var judgement = judged(questions);
        var failed = assertInstanceOf(Outcome.Failed.class, judgement.outcome());
        assertTrue((failed.expected() + ": " + failed.actual()).contains(because), failed.toString());
        assertEquals(status, judgement.ocspStatus());
    }

    private Outcome.Undetermined undetermined(List<RevocationQuestion> questions) {
        var judgement = judged(questions);
        assertEquals(Optional.empty(), judgement.ocspStatus());
        return assertInstanceOf(Outcome.Undetermined.class, judgement.outcome());
    }

    private void passes(List<RevocationQuestion> questions, Instant until) {
        var judgement = judged(questions);
        assertInstanceOf(Outcome.Passed.class, judgement.outcome(), judgement.toString());
        assertEquals(Optional.of("good"), judgement.ocspStatus());
        assertEquals(Optional.of(until), judgement.until());
    }

    private static final Instant END = AnswerDraft.MADE.plus(Duration.ofHours(6));

    @Test
    void asksAboutAllOfADeviceButLeafAndRootAndAboutAllOfARimButTheRoot() {
        assertEquals(
                List.of("Chip", "L3", "L2"),
                DEVICE.stream().map(RevocationQuestion::name).toList());
        assertEquals(
                List.of("Signer", "L3", "L2"),
                RIM.stream().map(RevocationQuestion::name).toList());
        assertEquals(
                List.of(
                        RevocationQuestion.Place.DEVICE,
                        RevocationQuestion.Place.DEVICE_AUTHORITY,
                        RevocationQuestion.Place.DEVICE_AUTHORITY),
                DEVICE.stream().map(RevocationQuestion::place).toList());
        assertEquals(
                List.of(
                        NvidiaEndorsementRef.OcspAnswer.Scope.DEVICE,
                        NvidiaEndorsementRef.OcspAnswer.Scope.SHARED,
                        NvidiaEndorsementRef.OcspAnswer.Scope.SHARED),
                DEVICE.stream().map(question -> question.ref().scope()).toList());
    }

    @Test
    void wantsWhatNothingBroughtSpeaksAbout() {
        assertEquals(refs(DEVICE.get(0), DEVICE.get(1), DEVICE.get(2)), judge.wanted(DEVICE, inHand()));
        ocsp.add(good(CHIP, L3));
        assertEquals(refs(DEVICE.get(1), DEVICE.get(2)), judge.wanted(DEVICE, inHand()));
        crls.add(list(ROOT, _ -> {}));
        assertEquals(refs(DEVICE.get(1)), judge.wanted(DEVICE, inHand()));
        gathered.put(DEVICE.get(1).ref(), new Availability.Missing("it did not answer", Outcome.Cause.NOT_FETCHED));
        assertEquals(Set.of(), judge.wanted(DEVICE, inHand()));
    }

    private static Set<EndorsementRef> refs(RevocationQuestion... questions) {
        return Set.copyOf(Stream.of(questions).map(RevocationQuestion::ref).toList());
    }

    @Test
    void passesWhenEverythingIsGood() {
        ownAnswersBut();
        passes(DEVICE, END);
        passes(RIM, END);
        passes(Stream.concat(DEVICE.stream(), RIM.stream()).toList(), END);
    }

    @Test
    void passesOnWhatTheRequestBroughtAlone() {
        ocsp.addAll(List.of(good(CHIP, L3), good(L3, L2), good(L2, ROOT)));
        passes(DEVICE, END);
    }

    @Test
    void withoutQuestionsThereIsNoChain() {
        assertEquals(
                new Outcome.NotReached(GpuCheck.CERTIFICATE_CHAIN),
                judged(List.of()).outcome());
    }

    @Test
    void isUndeterminedWhereNothingIsInHand() {
        ownAnswersBut(L3);
        assertEquals(Outcome.Cause.NOT_IN_HAND, undetermined(DEVICE).cause());
        // A policy may waive the rest, and then rests on the answers that are there.
        assertEquals(Optional.of(END), judged(DEVICE).until());
        gathered.put(DEVICE.get(1).ref(), new Availability.Missing("no answer", Outcome.Cause.NOT_FETCHED));
        assertEquals(Outcome.Cause.NOT_FETCHED, undetermined(DEVICE).cause());
    }

    @Test
    void ownAnswerThatIsOverIsNotInHand() {
        ownAnswersBut();
        at = END.minusSeconds(1);
        passes(DEVICE, END);
        at = END;
        assertEquals(Outcome.Cause.NOT_IN_HAND, undetermined(DEVICE).cause());
        gathered.put(
                DEVICE.getFirst().ref(),
                new Availability.InHand(
                        good(CHIP, L3), Optional.of(new Availability.Missing("no answer", Outcome.Cause.NOT_FETCHED))));
        var open = undetermined(List.of(DEVICE.getFirst()));
        assertEquals(Outcome.Cause.NOT_FETCHED, open.cause());
        assertTrue(open.missing().contains("a newer one could not be had: no answer"), open.missing());
    }

    @Test
    void answerOfTheFutureDoesNotCount() {
        ownAnswersBut();
        at = AnswerDraft.MADE.minusSeconds(60);
        passes(DEVICE, END);
        at = AnswerDraft.MADE.minusSeconds(61);
        undetermined(DEVICE);
        ocsp.add(good(CHIP, L3));
        failsWith(DEVICE, "that counts at", Optional.empty());
    }

    @Test
    void broughtAnswerThatIsOverFails() {
        ownAnswersBut();
        ocsp.add(good(CHIP, L3));
        passes(DEVICE, END);
        at = END;
        failsWith(List.of(DEVICE.getFirst()), "that counts at", Optional.empty());
    }

    @Test
    void answerThatIsOlderThanThePolicyLikesDoesNotCount() {
        tolerances = new Tolerances(
                "p", Duration.ZERO, Map.of(), Map.of(), Duration.ofMinutes(30).plusSeconds(1), Optional.empty());
        ownAnswersBut();
        passes(DEVICE, AT.plusSeconds(1));
        tolerances = new Tolerances("p", Duration.ZERO, Map.of(), Map.of(), Duration.ofMinutes(30), Optional.empty());
        undetermined(DEVICE);
        ocsp.add(good(CHIP, L3));
        failsWith(List.of(DEVICE.getFirst()), "that counts at", Optional.empty());
    }

    @Test
    void responderWhoseCertificateIsOverDoesNotCount() {
        Party responder = L3.issue("Responder", 90, draft -> {
            draft.signs().purpose(org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_OCSPSigning);
            draft.window = new io.countersign.verifier.trust.Window(AT.minusSeconds(3600), AT.plusSeconds(10));
        });
        Bytes der = AnswerDraft.byDelegate(responder)
                .says(AnswerDraft.about(CHIP, L3))
                .der();
        own(DEVICE.getFirst(), der);
        passes(List.of(DEVICE.getFirst()), AT.plusSeconds(10));
        at = AT.plusSeconds(10);
        undetermined(List.of(DEVICE.getFirst()));
        ocsp.add(der);
        failsWith(List.of(DEVICE.getFirst()), "that counts at", Optional.empty());
    }

    @Test
    void responderThatItsIssuersListRevokesDoesNotCount() {
        ownAnswersBut();
        ocsp.add(AnswerDraft.byDelegate(L3.responder(91))
                .says(AnswerDraft.about(CHIP, L3))
                .der());
        crls.add(list(L3, _ -> {}));
        passes(DEVICE, END.minusSeconds(60));
        crls.set(0, list(L3, draft -> draft.addCRLEntry(BigInteger.valueOf(91), Date.from(AnswerDraft.MADE), 1)));
        failsWith(DEVICE, "revokes the responder's certificate", Optional.empty());
    }

    @Test
    void answerAboutAnotherCertificateNeverCounts() {
        ownAnswersBut(CHIP);
        Party sibling = L3.authority("Chip", 40);
        // Of a request it plays no part; where the service has it for this one, something is wrong.
        ocsp.add(good(sibling, L3));
        undetermined(DEVICE);
        own(DEVICE.getFirst(), good(sibling, L3));
        failsWith(DEVICE, "it is about another certificate", Optional.empty());
        own(DEVICE.getFirst(), good(L3, L2));
        failsWith(DEVICE, "it is about another certificate", Optional.empty());
    }

    @Test
    void answerOfAnotherAuthorityOfThatNameNeverCounts() {
        Party namesake = Party.root("Elsewhere").authority("L3", 3);
        ownAnswersBut(CHIP);
        ocsp.add(good(namesake.authority("Chip", 4), namesake));
        undetermined(DEVICE);
        ocsp.set(
                0,
                AnswerDraft.by(L3)
                        .says(AnswerDraft.about(CHIP, L3))
                        .signedBy(namesake.keys())
                        .der());
        failsWith(DEVICE, "the issuer's key did not sign it", Optional.empty());
    }

    @Test
    void badBroughtAnswerIsNeverReplacedByTheServicesOwn() {
        ownAnswersBut();
        ocsp.add(AnswerDraft.by(L3)
                .says(AnswerDraft.about(CHIP, L3))
                .signedBy(L2.keys())
                .der());
        failsWith(DEVICE, "the issuer's key did not sign it", Optional.empty());
        ocsp.set(0, Bytes.utf8("no answer"));
        failsWith(DEVICE, "an OCSP answer in DER", Optional.empty());
        ocsp.clear();
        crls.add(Bytes.utf8("no list"));
        failsWith(DEVICE, "a revocation list in DER", Optional.empty());
    }

    @Test
    void tooMuchIsRefused() {
        ownAnswersBut();
        for (int i = 0; i <= RevocationBrought.MAX_ANSWERS; i++) {
            ocsp.add(Bytes.utf8("answer " + i));
        }
        failsWith(DEVICE, "at most 256 OCSP answers", Optional.empty());
        ocsp.clear();
        for (int i = 0; i <= RevocationBrought.MAX_LISTS; i++) {
            crls.add(Bytes.utf8("list " + i));
        }
        failsWith(DEVICE, "at most 32 revocation lists", Optional.empty());
    }

    @Test
    void revokedFailsWhateverElseIsSaid() {
        ownAnswersBut();
        own(DEVICE.get(1), answer(L3, L2, said -> said.revoked(1)));
        failsWith(DEVICE, "L3 not revoked", Optional.of("revoked"));
        at = END.plusSeconds(1);
        failsWith(List.of(DEVICE.get(1)), "L3 not revoked", Optional.of("revoked"));
        at = AT;
        ocsp.addAll(List.of(good(L3, L2), answer(L3, L2, said -> said.revoked(4))));
        failsWith(DEVICE, "L3 not revoked", Optional.of("revoked"));
        ocsp.clear();
        crls.add(list(L2, _ -> {}));
        ocsp.add(answer(L3, L2, said -> said.revoked(4)));
        failsWith(DEVICE, "L3 not revoked", Optional.of("revoked"));
    }

    @Test
    void unknownFails() {
        ownAnswersBut();
        own(DEVICE.getFirst(), answer(CHIP, L3, AnswerDraft.Said::unknown));
        failsWith(DEVICE, "does not know it", Optional.of("unknown"));
        at = END;
        undetermined(List.of(DEVICE.getFirst()));
        at = AT;
        ocsp.add(answer(CHIP, L3, AnswerDraft.Said::unknown));
        failsWith(DEVICE, "does not know it", Optional.of("unknown"));
    }

    private void toleratesHolds() {
        tolerances = new Tolerances(
                "p", Duration.ZERO, Map.of(), Map.of(), Duration.ofHours(24), Optional.of("being replaced"));
    }

    @Test
    void deviceOnHoldFailsUnderEveryPolicy() {
        ownAnswersBut();
        for (int i = 0; i < DEVICE.size(); i++) {
            gathered.clear();
            ownAnswersBut();
            RevocationQuestion question = DEVICE.get(i);
            own(question, answer(subject(question), issuer(question), said -> said.revoked(6)));
            failsWith(DEVICE, "on hold", Optional.of("certificate-hold"));
            toleratesHolds();
            failsWith(DEVICE, "on hold", Optional.of("certificate-hold"));
        }
    }

    @Test
    void signerOnHoldIsWaivedOnlyByAPolicyThatSaysWhy() {
        ownAnswersBut();
        own(RIM.getFirst(), answer(SIGNER, L3, said -> said.revoked(6)));
        failsWith(RIM, "Signer not on hold", Optional.of("certificate-hold"));
        toleratesHolds();
        var judgement = judged(RIM);
        assertEquals(new Outcome.Waived("p", "being replaced"), judgement.outcome());
        assertEquals(Optional.of("certificate-hold"), judgement.ocspStatus());
        assertEquals(Optional.of(END), judgement.until());
    }

    @Test
    void toleratedHoldHidesNothingElse() {
        toleratesHolds();
        ownAnswersBut();
        Bytes held = answer(SIGNER, L3, said -> said.revoked(6));
        own(RIM.getFirst(), held);
        own(RIM.get(1), answer(L3, L2, said -> said.revoked(1)));
        failsWith(RIM, "L3 not revoked", Optional.of("revoked"));
        gathered.remove(RIM.get(1).ref());
        assertInstanceOf(Outcome.Undetermined.class, judged(RIM).outcome());
        assertEquals(Optional.of("certificate-hold"), judged(RIM).ocspStatus());
        at = END;
        undetermined(List.of(RIM.getFirst()));
        ocsp.add(held);
        failsWith(List.of(RIM.getFirst()), "that counts at", Optional.empty());
    }

    private static Bytes list(Party issuer, ListChange change) {
        return list(issuer, issuer.keys().getPrivate(), Optional.of(END.minusSeconds(60)), change);
    }

    private interface ListChange {
        void on(X509v2CRLBuilder draft) throws IOException;
    }

    private static Bytes list(
            Party issuer, java.security.PrivateKey key, Optional<Instant> nextUpdate, ListChange change) {
        try {
            var draft = new X509v2CRLBuilder(
                    X500Name.getInstance(issuer.certificate().subject().toByteArray()), Date.from(AnswerDraft.MADE));
            nextUpdate.ifPresent(instant -> draft.setNextUpdate(Date.from(instant)));
            draft.addExtension(Extension.cRLNumber, false, new ASN1Integer(1));
            change.on(draft);
            return Bytes.copyOf(draft.build(new JcaContentSignerBuilder("SHA384withECDSA").build(key))
                    .getEncoded());
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void listThatDoesNotListACertificateIsAsGoodAsAnAnswer() {
        crls.addAll(List.of(list(L3, _ -> {}), list(L2, _ -> {}), list(ROOT, _ -> {})));
        passes(DEVICE, END.minusSeconds(60));
        crls.removeLast();
        ocsp.add(good(L2, ROOT));
        passes(DEVICE, END.minusSeconds(60));
        ocsp.clear();
        undetermined(DEVICE);
    }

    @Test
    void listThatListsACertificateFailsWhateverTheResponderSays() {
        toleratesHolds();
        ocsp.addAll(List.of(good(SIGNER, L3), good(L3, L2), good(L2, ROOT)));
        passes(RIM, END);
        for (int reason : new int[] {1, 6}) {
            crls.clear();
            crls.add(list(L3, draft -> draft.addCRLEntry(BigInteger.valueOf(6), Date.from(AnswerDraft.MADE), reason)));
            failsWith(RIM, "Signer not revoked", Optional.of("revoked"));
        }
        crls.set(0, list(L3, draft -> draft.addCRLEntry(BigInteger.valueOf(7), Date.from(AnswerDraft.MADE), 1)));
        passes(RIM, END.minusSeconds(60));
    }

    @Test
    void listOutsideItsTimeFails() {
        ownAnswersBut();
        crls.add(list(L3, _ -> {}));
        at = END.minusSeconds(61);
        passes(DEVICE, END.minusSeconds(60));
        at = END.minusSeconds(60);
        failsWith(DEVICE, "a revocation list of the L3 valid at", Optional.empty());
        at = AnswerDraft.MADE.minusSeconds(61);
        failsWith(List.of(DEVICE.getFirst()), "a revocation list of the L3 valid at", Optional.empty());
        at = AT;
        crls.set(0, list(L3, L3.keys().getPrivate(), Optional.empty(), _ -> {}));
        failsWith(DEVICE, "it has no nextUpdate", Optional.empty());
    }

    @Test
    void listOfNoneOfTheIssuersPlaysNoPart() {
        ownAnswersBut(CHIP);
        crls.add(list(Party.root("Elsewhere"), _ -> {}));
        undetermined(DEVICE);
        // Of the same name, but of another key, which the list names.
        Party namesake = Party.root("L3");
        crls.set(0, list(namesake, draft -> draft.addExtension(authorityKey(namesake))));
        undetermined(DEVICE);
        crls.set(0, list(L3, draft -> draft.addExtension(authorityKey(L3))));
        passes(DEVICE, END.minusSeconds(60));
    }

    private static Extension authorityKey(Party issuer) throws CertIOException {
        try {
            byte[] key = org.bouncycastle.asn1.x509.SubjectKeyIdentifier.getInstance(issuer.certificate()
                            .extension(Extension.subjectKeyIdentifier.getId())
                            .orElseThrow()
                            .toByteArray())
                    .getKeyIdentifier();
            return new Extension(Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(key).getEncoded());
        } catch (IOException e) {
            throw new CertIOException("in memory", e);
        }
    }

    @Test
    void listThatAnotherKeySignedFails() {
        ownAnswersBut();
        crls.add(list(L3, L2.keys().getPrivate(), Optional.of(END), _ -> {}));
        failsWith(DEVICE, "another key signed it", Optional.empty());
        crls.set(0, list(Party.root("L3"), _ -> {}));
        failsWith(DEVICE, "another key signed it", Optional.empty());
    }

    @Test
    void listOfChangesOrOfOthersCertificatesFails() {
        ownAnswersBut();
        for (Consumer<List<Bytes>> one : List.<Consumer<List<Bytes>>>of(
                to -> to.add(
                        list(L3, draft -> draft.addExtension(Extension.deltaCRLIndicator, true, new ASN1Integer(1)))),
                to -> to.add(list(
                        L3,
                        draft -> draft.addExtension(
                                Extension.issuingDistributionPoint,
                                true,
                                new IssuingDistributionPoint(null, true, false)))),
                to -> to.add(
                        list(L3, draft -> draft.addExtension(AnswerDraft.UNHEARD_OF, true, new ASN1Integer(1)))))) {
            crls.clear();
            one.accept(crls);
            failsWith(DEVICE, "critical extensions that are not known", Optional.empty());
        }
    }
}
