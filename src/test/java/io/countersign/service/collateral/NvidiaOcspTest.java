package io.countersign.service.collateral;

import static io.countersign.service.collateral.Bench.assertMissing;
import static io.countersign.service.collateral.Bench.gather;
import static io.countersign.service.collateral.Bench.inHand;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.nvgpu.NvidiaEndorsementRef.OcspAnswer;
import io.countersign.verifier.tee.nvgpu.ocsp.OcspQuestion;
import io.countersign.verifier.trust.Availability;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a responder is asked, and which of its answers are answers to that. */
class NvidiaOcspTest {
    private final NvidiaBench nvidia = new NvidiaBench();

    @AfterEach
    void stop() {
        nvidia.close();
    }

    private static Bytes nonce(FakeVendor.Asked asked) {
        try {
            var extension =
                    new OCSPReq(asked.body().toByteArray()).getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
            return Bytes.copyOf(
                    ASN1OctetString.getInstance(extension.getParsedValue()).getOctets());
        } catch (IOException e) {
            throw new AssertionError("not an OCSP request", e);
        }
    }

    private Availability.Missing missing(EndorsementGatherer gatherer) {
        return assertMissing(Outcome.Cause.NOT_FETCHED, gather(gatherer, FakeNvidia.FAMILY), FakeNvidia.FAMILY);
    }

    @Test
    void asksByPostAboutTheOneCertificateAndKeepsTheAnswer() throws IOException {
        nvidia.answers(nvidia.good());
        var gatherer = nvidia.start();
        Bytes answer =
                inHand(gather(gatherer, FakeNvidia.FAMILY), FakeNvidia.FAMILY).content();
        var asked = nvidia.ocsp.questions().getFirst();
        assertEquals("POST", asked.method());
        assertEquals("/", asked.path());
        assertEquals(List.of("application/ocsp-request"), asked.headers().get("Content-type"));
        assertEquals(List.of("application/ocsp-response"), asked.headers().get("Accept"));
        var about = new OCSPReq(asked.body().toByteArray()).getRequestList();
        assertEquals(1, about.length);
        assertEquals(FakeNvidia.FAMILY.serial(), about[0].getCertID().getSerialNumber());
        assertEquals(
                FakeNvidia.FAMILY.issuerKeyHash(),
                Bytes.copyOf(about[0].getCertID().getIssuerKeyHash()));
        assertEquals(Optional.of(nonce(asked)), OcspQuestion.nonceOf(answer));

        assertEquals(
                answer,
                inHand(gather(gatherer, FakeNvidia.FAMILY), FakeNvidia.FAMILY).content());
        assertEquals(1, nvidia.ocsp.requests());
        assertEquals(1, nvidia.bench.seen.count("fetched nvidia-ocsp"));
    }

    @Test
    void asksWithANonceOf32BytesThatIsAnotherEachTime() {
        nvidia.answers(nvidia.good());
        gather(nvidia.start(), FakeNvidia.FAMILY, FakeNvidia.device(1));
        var nonces = nvidia.ocsp.questions().stream().map(NvidiaOcspTest::nonce).toList();
        assertEquals(2, nonces.size());
        assertTrue(nonces.stream().allMatch(nonce -> nonce.length() == 32));
        assertNotEquals(nonces.getFirst(), nonces.getLast());
    }

    @Test
    void asksTheConfiguredAddressAsItIs() {
        nvidia.ocspUrl = Optional.of(URI.create(nvidia.ocsp.url() + "/outpost/ocsp"));
        gather(nvidia.start(), FakeNvidia.FAMILY);
        assertEquals(List.of("/outpost/ocsp"), nvidia.ocsp.asked());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://ocsp.example", "https://ocsp.example/?a=b", "https://me@ocsp.example", "ocsp.example"})
    void refusesAnAddressThatIsNotABareHttpOne(String url) {
        nvidia.ocspUrl = Optional.of(URI.create(url));
        var refusal = assertThrows(IllegalArgumentException.class, nvidia::start);
        assertTrue(String.valueOf(refusal.getMessage()).startsWith("countersign.collateral.nvidia-ocsp-url"));
    }

    static Stream<OcspAnswer> asksNobodyAboutWhatNoResponderKnows() {
        var good = FakeNvidia.FAMILY;
        Bytes shorter = Bytes.zeros(32);
        return Stream.of(
                new OcspAnswer(shorter, good.issuerKeyHash(), good.serial(), good.scope(), good.subject()),
                new OcspAnswer(good.issuerNameHash(), shorter, good.serial(), good.scope(), good.subject()),
                new OcspAnswer(
                        good.issuerNameHash(),
                        good.issuerKeyHash(),
                        BigInteger.TWO.pow(4_000),
                        good.scope(),
                        good.subject()));
    }

    @ParameterizedTest
    @MethodSource
    void asksNobodyAboutWhatNoResponderKnows(OcspAnswer ref) {
        assertMissing(Outcome.Cause.NOT_IN_HAND, gather(nvidia.start(), ref), ref);
        assertEquals(0, nvidia.ocsp.requests());
    }

    @ParameterizedTest
    @EnumSource(names = "REPEATED", mode = EnumSource.Mode.EXCLUDE)
    void takesNoAnswerWithoutItsNonce(FakeNvidia.Nonce nonce) {
        nvidia.answers(nvidia.good().with(nonce));
        var gatherer = nvidia.start();
        String why = missing(gatherer).why();
        assertTrue(why.contains("countersign.collateral.nvidia-ocsp-nonce=optional"), why);
        assertEquals(1, nvidia.bench.seen.count("failed nvidia-ocsp wrong-body"));
        nvidia.answers(nvidia.good());
        nvidia.forward(Duration.ofSeconds(2));
        inHand(gather(gatherer, FakeNvidia.FAMILY), FakeNvidia.FAMILY);
    }

    @ParameterizedTest
    @EnumSource
    void takesAnAnswerWhateverItsNonceWhereThatIsOptional(FakeNvidia.Nonce nonce) {
        nvidia.nonce = NvidiaConfig.OcspNonce.OPTIONAL;
        nvidia.answers(nvidia.good().with(nonce));
        inHand(gather(nvidia.start(), FakeNvidia.FAMILY), FakeNvidia.FAMILY);
        assertEquals(32, nonce(nvidia.ocsp.questions().getFirst()).length(), "it asks with one all the same");
    }

    @Test
    void keepsTheAnswerThatACertificateIsRevoked() {
        nvidia.answers(nvidia.good().with(FakeNvidia.Status.REVOKED));
        var gatherer = nvidia.start();
        inHand(gather(gatherer, FakeNvidia.FAMILY), FakeNvidia.FAMILY);
        inHand(gather(gatherer, FakeNvidia.FAMILY), FakeNvidia.FAMILY);
        assertEquals(1, nvidia.ocsp.requests());
    }

    @Test
    void handsOverThatTheResponderDoesNotKnowACertificateButDoesNotKeepIt() {
        nvidia.answers(nvidia.good().with(FakeNvidia.Status.UNKNOWN));
        var gatherer = nvidia.start();
        inHand(gather(gatherer, FakeNvidia.FAMILY), FakeNvidia.FAMILY);
        nvidia.answers(nvidia.good());
        nvidia.forward(Duration.ofSeconds(2));
        inHand(gather(gatherer, FakeNvidia.FAMILY), FakeNvidia.FAMILY);
        assertEquals(2, nvidia.ocsp.requests());
        assertEquals(1, nvidia.bench.seen.count("fetched nvidia-ocsp"));
    }

    @Test
    void handsOverAnAnswerAboutAnotherCertificateToBeJudgedButDoesNotKeepIt() {
        nvidia.nonce = NvidiaConfig.OcspNonce.OPTIONAL;
        Bytes other = FakeNvidia.answer(FakeNvidia.device(1), nvidia.good());
        nvidia.ocsp.repliesOtherwise(FakeNvidia.plain(other));
        var gatherer = nvidia.start();
        Bench.assertInHand(other, gatherer, FakeNvidia.FAMILY);
        assertEquals(1, nvidia.bench.seen.warnings(GatheringWarning.MISFIT));
        assertEquals(0, nvidia.bench.seen.count("fetched nvidia-ocsp"));
    }

    /** malformedRequest, internalError, tryLater, sigRequired, and one that no document knows. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 99})
    void asksAgainLaterWhenTheResponderHasNoAnswerNow(int status) {
        nvidia.ocsp.repliesOtherwise(FakeNvidia.refusing(status));
        var gatherer = nvidia.start();
        var failed = gather(gatherer, FakeNvidia.FAMILY);
        assertMissing(Outcome.Cause.NOT_FETCHED, failed, FakeNvidia.FAMILY);
        assertEquals(Optional.of(Duration.ofSeconds(2)), failed.retryAfter());
        assertEquals(1, nvidia.bench.seen.count("failed nvidia-ocsp unexpected-status"));
        nvidia.answers(nvidia.good());
        nvidia.forward(Duration.ofSeconds(2));
        inHand(gather(gatherer, FakeNvidia.FAMILY), FakeNvidia.FAMILY);
    }

    @Test
    void believesForAWhileThatTheResponderDoesNotAnswerForACertificate() {
        nvidia.ocsp.repliesOtherwise(FakeNvidia.refusing(6));
        var gatherer = nvidia.start();
        var none = gather(gatherer, FakeNvidia.FAMILY);
        assertMissing(Outcome.Cause.NOT_IN_HAND, none, FakeNvidia.FAMILY);
        assertEquals(Optional.empty(), none.retryAfter());
        nvidia.answers(nvidia.good());
        gather(gatherer, FakeNvidia.FAMILY);
        assertEquals(1, nvidia.ocsp.requests());
        nvidia.forward(Duration.ofMinutes(5));
        inHand(gather(gatherer, FakeNvidia.FAMILY), FakeNvidia.FAMILY);
    }

    static Stream<Bytes> neverTakesABodyThatIsNoAnswer() {
        var says = FakeNvidia.Says.good(new HandClock().instant());
        Bytes good = FakeNvidia.answer(FakeNvidia.FAMILY, says);
        return Stream.of(
                Bytes.empty(),
                Bytes.utf8("<html>please log in</html>"),
                Bytes.zeros(100),
                good.slice(0, good.length() - 1),
                Bytes.concat(good, Bytes.zeros(1)),
                // Says "successful", and nothing more.
                Bytes.fromHex("30030a0100"),
                // The same with an empty answer, and with one of a type that nobody knows.
                Bytes.fromHex("300c0a0100a0073005060153" + "0400"),
                Bytes.fromHex("30160a0100a011300f06092b060105050730010104020500"),
                // As deep as it gets.
                Bytes.fromHex("3080".repeat(8 * 1024)),
                Bytes.fromHex("a080".repeat(8 * 1024)),
                Bytes.fromHex("2480".repeat(8 * 1024)),
                nested());
    }

    /** Each inside the next, with lengths that fit. */
    private static Bytes nested() {
        Bytes inner = Bytes.empty();
        while (inner.length() < 16 * 1024 - 8) {
            inner = Bytes.concat(Bytes.fromHex("3083%06x".formatted(inner.length())), inner);
        }
        return inner;
    }

    @ParameterizedTest
    @MethodSource
    void neverTakesABodyThatIsNoAnswer(Bytes body) {
        nvidia.nonce = NvidiaConfig.OcspNonce.OPTIONAL;
        nvidia.ocsp.repliesOtherwise(FakeNvidia.plain(body));
        missing(nvidia.start());
        assertEquals(1, nvidia.bench.seen.count("failed nvidia-ocsp wrong-body"));
    }

    @Test
    void letsNoDamageToAnAnswerGetOutAsAnythingButAReading() {
        Bytes good = FakeNvidia.answer(FakeNvidia.FAMILY, nvidia.good());
        int fitting = 0;
        for (int at = 0; at < good.length(); at++) {
            byte[] damaged = good.toByteArray();
            damaged[at] ^= (byte) (1 << (at % 8));
            Bytes bytes = Bytes.copyOf(damaged);
            NvidiaReadings.status(bytes);
            fitting += NvidiaReadings.read(FakeNvidia.FAMILY, bytes) instanceof Reading.Fits ? 1 : 0;
        }
        assertTrue(fitting < good.length() - 100, "at least the hashes must show");
    }

    @Test
    void readsNoMoreThanABoundedBody() {
        nvidia.ocsp.repliesOtherwise(FakeNvidia.plain(Bytes.zeros(16 * 1024 + 1)));
        String why = missing(nvidia.start()).why();
        assertTrue(why.contains("16384"), why);
    }

    /** To a POST, even 404 is no answer about a certificate: the address is wrong. */
    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 405, 410, 500, 502, 503, 204})
    void takesEveryOtherStatusForATroubleThatMayPass(int status) {
        nvidia.ocsp.repliesOtherwise(FakeVendor.status(status, "X-Nothing", "here"));
        assertEquals(
                "NVIDIA's OCSP responder at 127.0.0.1 answered " + status,
                missing(nvidia.start()).why());
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void leavesTheResponderAloneForAsLongAsItAsks(int status) {
        nvidia.ocsp.repliesOtherwise(FakeVendor.status(status, "Retry-After", "45"));
        var gatherer = nvidia.start();
        assertEquals(
                Optional.of(Duration.ofSeconds(45)),
                gather(gatherer, FakeNvidia.FAMILY).retryAfter());
        nvidia.answers(nvidia.good());
        nvidia.forward(Duration.ofSeconds(45));
        inHand(gather(gatherer, FakeNvidia.FAMILY), FakeNvidia.FAMILY);
        assertEquals(2, nvidia.ocsp.requests());
    }

    @Test
    void doesNotFollowARedirect() {
        try (var elsewhere = new FakeVendor()) {
            nvidia.ocsp.repliesOtherwise(FakeVendor.status(307, "Location", elsewhere.url() + "/"));
            String why = missing(nvidia.start()).why();
            assertTrue(why.contains("307, a redirect"), why);
            assertEquals(0, elsewhere.requests());
        }
    }

    @Test
    void givesUpOnABodyThatDrips() {
        nvidia.bench.requestTimeout = Duration.ofMillis(200);
        nvidia.ocsp.repliesOtherwise(new FakeVendor.Reply.Dripping());
        assertEquals(
                "NVIDIA's OCSP responder at 127.0.0.1 did not answer in time",
                missing(nvidia.start()).why());
    }

    @Test
    void namesNoDeviceInHealthData() {
        nvidia.answers(nvidia.good());
        var gatherer = nvidia.start();
        gather(gatherer, FakeNvidia.FAMILY, FakeNvidia.device(1), FakeNvidia.device(2));
        assertEquals(
                List.of("nvidia-ocsp device 2", "nvidia-ocsp shared 1"),
                gatherer.states().stream()
                        .map(state -> state.kind() + " " + state.product() + " " + state.held())
                        .toList());
        assertFalse(gatherer.states().toString().contains("1001"));
    }
}
