package io.countersign.service.signing;

import static io.countersign.service.signing.Rings.BEGINNING;
import static io.countersign.service.signing.Rings.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.signing.IssuedTokens.Recognition;
import io.countersign.service.signing.KeyChanges.Replacement;
import io.countersign.service.signing.Standing.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The running service's keys: which one signs, what is believed, and that damage never stops what was loaded. */
class SigningRingTest {
    private final Rings.Hand clock = new Rings.Hand(BEGINNING);
    private final Rings.Counts counts = new Rings.Counts();
    private final KeyFolder folder;
    private final KeyChanges changes;
    private final RingKey one;
    private final SigningRing ring;
    private final IssuedTokens issued;

    SigningRingTest(@TempDir Path dataDir) throws KeyTroubleException {
        this.folder = new KeyFolder(dataDir, KeyPurpose.PRODUCTION);
        this.changes = Rings.changes(folder);
        this.one = changes.ringOrFirst(SigningAlgorithm.ES256, BEGINNING).keys().getFirst();
        this.ring = start();
        this.issued = new IssuedTokens(ring, Rings.JDK);
    }

    private SigningRing start() throws KeyTroubleException {
        return new SigningRing(
                folder,
                Rings.files(folder),
                changes.ringOrFirst(SigningAlgorithm.ES256, clock.instant()),
                clock,
                counts);
    }

    private RingKey rotate(SigningAlgorithm algorithm, Duration in) throws KeyTroubleException {
        return ((KeyChanges.Rotation.Added)
                        changes.rotate(algorithm, clock.instant().plus(in), clock.instant(), _ -> true))
                .key();
    }

    private RingKey rotate() throws KeyTroubleException {
        return rotate(SigningAlgorithm.ES256, Duration.ofMinutes(15));
    }

    private JWSObject signed() throws ParseException {
        return JWSObject.parse(ring.sign("eat+jwt", Map.of("jti", "a")));
    }

    private String signer() throws ParseException {
        return signed().getHeader().getKeyID();
    }

    private Path file(RingKey key) {
        return folder.path().resolve(((RingKey.Home.InFile) key.home()).name());
    }

    private boolean ours(String token) {
        return issued.recognise(token) instanceof Recognition.Ours;
    }

    private void assertSigningUnavailable() {
        var refusal = assertThrows(CountersignException.class, () -> ring.sign("JWT", Map.of()));
        assertEquals(ProblemCode.SIGNING_UNAVAILABLE, refusal.problem().code());
        assertEquals(Optional.of(5L), refusal.problem().retryAfterSeconds());
        assertInstanceOf(SigningRing.Readiness.Unusable.class, ring.readiness());
    }

    @Test
    void aTokenNamesItsKeyAndVerifies() throws ParseException, JOSEException {
        JWSObject token = signed();
        assertEquals(one.kid(), token.getHeader().getKeyID());
        assertEquals("eat+jwt", token.getHeader().getType().getType());
        assertTrue(token.verify(new ECDSAVerifier(one.publicJwk())));
        assertEquals(new SigningRing.Readiness.Usable(one), ring.readiness());
    }

    @Test
    void aWholeRotationFollowsTheClockAlone() throws KeyTroubleException, ParseException {
        RingKey two = rotate();
        assertEquals(List.of(one), ring.published());
        ring.poll();
        assertEquals(List.of(one, two), ring.published());
        assertEquals(one.kid(), signer());
        String early = ring.sign("JWT", Map.of("jti", "early"));
        clock.put(at(900));
        assertEquals(two.kid(), signer());
        assertEquals(List.of(one, two), ring.published());
        clock.put(at(900 + 659));
        assertTrue(ours(early));
        clock.put(at(900 + 660));
        assertFalse(ours(early));
        assertEquals(List.of(two), ring.published());
        // A clock that goes back does not leave it without a key.
        clock.put(at(100));
        assertEquals(one.kid(), signer());
    }

    @Test
    void aClockThatGoesBackAfterAPollFindsItsKeyAtTheNext() throws KeyTroubleException, ParseException {
        rotate();
        clock.put(at(5000));
        ring.poll();
        clock.put(at(100));
        assertSigningUnavailable();
        ring.poll();
        assertEquals(one.kid(), signer());
    }

    @Test
    void bothAlgorithmsLiveInOneRing() throws KeyTroubleException, ParseException, JOSEException {
        RingKey two = rotate(SigningAlgorithm.ES384, Duration.ofMinutes(15));
        ring.poll();
        String before = ring.sign("JWT", Map.of());
        clock.put(at(900));
        JWSObject token = signed();
        assertEquals(JWSAlgorithm.ES384, token.getHeader().getAlgorithm());
        assertTrue(token.verify(new ECDSAVerifier(two.publicJwk())));
        assertTrue(ours(before));
        assertTrue(ours(token.serialize()));
    }

    @Test
    void aWithdrawnKeyIsNeitherPublishedNorBelieved() throws KeyTroubleException, ParseException {
        String token = ring.sign("JWT", Map.of());
        assertTrue(ours(token));
        var done = changes.withdraw(one.kid(), at(10), Replacement.MAKE);
        ring.poll();
        assertFalse(ours(token));
        assertEquals(List.of(done.signsNow().orElseThrow()), ring.published());
        assertEquals(done.signsNow().orElseThrow().kid(), signer());
    }

    @Test
    void withoutAnyKeyNothingIsSignedUntilOneIsThere() throws KeyTroubleException, ParseException {
        changes.withdraw(one.kid(), at(10), Replacement.NONE);
        ring.poll();
        assertTrue(ring.published().isEmpty());
        assertSigningUnavailable();
        assertEquals(1, counts.failed);
        RingKey two = rotate(SigningAlgorithm.ES256, Duration.ZERO);
        ring.poll();
        assertEquals(two.kid(), signer());
    }

    @Test
    void aDamagedRingStopsTheStartAndNamesItself() throws IOException {
        Files.writeString(folder.ringFile(), "{");
        String why = assertThrows(KeyTroubleException.class, this::start).why();
        assertTrue(why.contains(folder.ringFile().toString()), why);
    }

    @Test
    void aRingDamagedMeanwhileChangesNothing() throws IOException, KeyTroubleException, ParseException {
        String good = Files.readString(folder.ringFile());
        for (String text : List.of("", "{", good.replace("ES256", "none"), "x".repeat(300_000))) {
            Files.writeString(folder.ringFile(), text);
            ring.poll();
            assertEquals(one.kid(), signer());
            assertTrue(ring.trouble().orElseThrow().contains(folder.ringFile().toString()));
        }
        Files.delete(folder.ringFile());
        ring.poll();
        assertTrue(ring.trouble().orElseThrow().contains("is not there any more"));
        assertEquals(one.kid(), signer());
        assertEquals(5, counts.unreadable);
        Files.writeString(folder.ringFile(), good);
        ring.poll();
        assertTrue(ring.trouble().isEmpty());
        RingKey two = rotate();
        ring.poll();
        assertEquals(List.of(one, two), ring.published());
    }

    @Test
    void aPrivateKeyThatIsAwayStopsTheStart() throws IOException, KeyTroubleException {
        RingKey two = rotate();
        for (RingKey key : List.of(one, two)) {
            String text = Files.readString(file(key));
            Files.delete(file(key));
            String why = assertThrows(KeyTroubleException.class, this::start).why();
            assertTrue(why.contains(file(key).toString()), why);
            Files.writeString(file(key), text);
            start();
        }
    }

    @Test
    void aPrivateKeyThatIsAnotherStopsTheStart() throws IOException, KeyTroubleException {
        RingKey two = rotate();
        Files.copy(file(two), file(one), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        String why = assertThrows(KeyTroubleException.class, this::start).why();
        assertTrue(why.contains("another key"), why);
    }

    @Test
    void aPrivateKeyThatGoesAwayMeanwhileIsNotMissed() throws IOException, ParseException {
        Files.delete(file(one));
        ring.poll();
        assertEquals(one.kid(), signer());
        assertTrue(ring.trouble().isEmpty());
    }

    @Test
    void aNextKeyWithoutItsPrivateHalfIsNotTakenUp() throws IOException, KeyTroubleException, ParseException {
        RingKey two = rotate();
        String text = Files.readString(file(two));
        Files.delete(file(two));
        ring.poll();
        assertEquals(List.of(one), ring.published());
        assertTrue(ring.trouble().orElseThrow().contains(two.kid()));
        clock.put(at(2000));
        assertEquals(one.kid(), signer());
        Files.writeString(file(two), text);
        ring.poll();
        assertEquals(two.kid(), signer());
    }

    @Test
    void aWithdrawalCountsEvenWhenItsReplacementCannotBeUsed() throws IOException, KeyTroubleException, ParseException {
        var done = changes.withdraw(one.kid(), at(10), Replacement.MAKE);
        RingKey two = done.signsNow().orElseThrow();
        String text = Files.readString(file(two));
        Files.delete(file(two));
        String token = ring.sign("JWT", Map.of());
        ring.poll();
        assertFalse(ours(token));
        clock.put(at(20));
        assertSigningUnavailable();
        Files.writeString(file(two), text);
        ring.poll();
        assertEquals(two.kid(), signer());
        assertTrue(ring.trouble().isEmpty());
    }

    @Test
    void aRetiringKeyNeedsNoPrivateHalf() throws IOException, KeyTroubleException {
        rotate();
        clock.put(at(900));
        Files.delete(file(one));
        assertEquals(
                List.of(State.RETIRING, State.ACTIVE),
                start().standings().stream().map(Standing::state).toList());
    }

    @Test
    void onlyWhatAPublishedKeySignedIsOurs() throws JOSEException, ParseException {
        String token = ring.sign("JWT", Map.of("jti", "a"));
        ECKey stranger = new ECKeyGenerator(one.algorithm().curve()).generate();
        var byStranger = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(one.kid()).build(), new Payload("{}"));
        byStranger.sign(new ECDSASigner(stranger));
        // The public key taken for a shared secret: RFC 8725, section 2.1.
        var confused = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(one.kid()).build(), new Payload("{}"));
        confused.sign(new MACSigner(one.publicJwk().toECPublicKey().getEncoded()));
        String middle = token.substring(token.indexOf('.'), token.lastIndexOf('.') + 1);
        for (String text : List.of(
                "",
                "a",
                "a.b.c",
                "..",
                token + "A",
                token.substring(0, token.lastIndexOf('.') + 1),
                token.replace(middle, ".e30."),
                "eyJhbGciOiJub25lIn0.e30.",
                byStranger.serialize(),
                confused.serialize())) {
            assertInstanceOf(Recognition.NotOurs.class, issued.recognise(text), text);
        }
        assertEquals(new Recognition.Ours(one.kid(), Map.of("jti", "a")), issued.recognise(token));
    }

    @Test
    void aPublishedNextKeyIsBelievedToo() throws KeyTroubleException {
        rotate();
        ring.poll();
        clock.put(at(901));
        String late = ring.sign("JWT", Map.of("jti", "late"));
        // As another replica sees it whose clock is behind.
        clock.put(at(850));
        assertTrue(ours(late));
    }
}
