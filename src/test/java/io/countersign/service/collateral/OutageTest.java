package io.countersign.service.collateral;

import static io.countersign.service.collateral.Bench.assertInHand;
import static io.countersign.service.collateral.Bench.assertMissing;
import static io.countersign.service.collateral.Bench.gather;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutageTest {
    private final Bench bench = new Bench();

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void remembersForAWhileThatKdsHasNoSuchChip() {
        var gatherer = bench.start();
        var none = gather(gatherer, FakeAmd.milan());
        assertMissing(Outcome.Cause.NOT_IN_HAND, none, FakeAmd.milan());
        assertEquals(Optional.empty(), none.retryAfter());
        gather(gatherer, FakeAmd.milan());
        assertEquals(1, bench.kds.requests());
        Bytes vcek = bench.serveVcek(FakeAmd.milan());
        bench.clock.forward(Duration.ofMinutes(5));
        assertInHand(vcek, gatherer, FakeAmd.milan());
    }

    @Test
    void leavesKdsAloneForTenSecondsAfter429AndForLongerEachTime() {
        bench.kds.repliesOtherwise(FakeVendor.status(429));
        var gatherer = bench.start();
        var refused = gather(gatherer, FakeAmd.milan(1));
        assertMissing(Outcome.Cause.NOT_FETCHED, refused, FakeAmd.milan(1));
        assertEquals(Optional.of(Duration.ofSeconds(10)), refused.retryAfter());

        // Other chips are not asked for either: KDS counts by address.
        bench.clock.forward(Duration.ofSeconds(9));
        var meanwhile = gather(gatherer, FakeAmd.milan(2));
        assertMissing(Outcome.Cause.NOT_FETCHED, meanwhile, FakeAmd.milan(2));
        assertEquals(Optional.of(Duration.ofSeconds(1)), meanwhile.retryAfter());
        assertEquals(1, bench.kds.requests());

        bench.clock.forward(Duration.ofSeconds(1));
        assertEquals(
                Optional.of(Duration.ofSeconds(20)),
                gather(gatherer, FakeAmd.milan(2)).retryAfter());
        bench.clock.forward(Duration.ofSeconds(20));
        assertEquals(
                Optional.of(Duration.ofSeconds(30)),
                gather(gatherer, FakeAmd.milan(2)).retryAfter());
        bench.clock.forward(Duration.ofSeconds(30));
        assertEquals(
                Optional.of(Duration.ofSeconds(30)),
                gather(gatherer, FakeAmd.milan(2)).retryAfter());
        assertEquals(4, bench.kds.requests());

        Bytes vcek = bench.serveVcek(FakeAmd.milan(2));
        bench.clock.forward(Duration.ofSeconds(30));
        assertInHand(vcek, gatherer, FakeAmd.milan(2));
        bench.kds.repliesOtherwise(FakeVendor.status(429));
        assertEquals(
                Optional.of(Duration.ofSeconds(10)),
                gather(gatherer, FakeAmd.milan(3)).retryAfter(),
                "after an answer the waits begin anew");
    }

    @Test
    void doesNotSendWhatWaitedInTheQueueOnceKdsAsksForSilence() {
        bench.maxConcurrent = 1;
        bench.waitAtMost = Duration.ofMillis(20);
        bench.kds.repliesOtherwise(FakeVendor.status(429));
        bench.kds.closeGate("/");
        var gatherer = bench.start();
        for (int chip = 1; chip <= 5; chip++) {
            gather(gatherer, FakeAmd.milan(chip));
        }
        bench.kds.openGate();
        gatherer.awaitLanding();
        assertEquals(1, bench.kds.requests());
    }

    @ParameterizedTest
    @CsvSource({"45, 45", "1, 1", "999999, 900", "soon, 10", "-5, 10"})
    void honoursRetryAfterInSecondsUpToAQuarterOfAnHour(String header, int seconds) {
        bench.kds.repliesOtherwise(FakeVendor.status(429, "Retry-After", header));
        assertEquals(
                Optional.of(Duration.ofSeconds(seconds)),
                gather(bench.start(), FakeAmd.milan()).retryAfter());
    }

    @Test
    void honoursRetryAfterAsADate() {
        String until = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                bench.clock.instant().plusSeconds(77).atZone(ZoneOffset.UTC));
        bench.kds.repliesOtherwise(FakeVendor.status(429, "Retry-After", until));
        assertEquals(
                Optional.of(Duration.ofSeconds(77)),
                gather(bench.start(), FakeAmd.milan()).retryAfter());
    }

    @Test
    void fetchesRevocationListsWhileKdsThrottlesChips() {
        Bytes crl = bench.serveCrl(1);
        bench.kds.repliesOtherwise(FakeVendor.status(429));
        var gatherer = bench.start();
        gather(gatherer, FakeAmd.milan());
        assertInHand(crl, gatherer, FakeAmd.crl());
    }

    @Test
    void recoversFromAnOutageByItself() {
        var gatherer = bench.start();
        bench.kds.goDown();
        var down = gather(gatherer, FakeAmd.milan());
        assertEquals(
                "AMD KDS at 127.0.0.1 could not be reached",
                assertMissing(Outcome.Cause.NOT_FETCHED, down, FakeAmd.milan()).why());
        assertEquals(Optional.of(Duration.ofSeconds(2)), down.retryAfter());
        assertEquals(1, bench.seen.count("failed amd-vcek unreachable"));

        // While it is known to be down nobody waits for another attempt.
        gather(gatherer, FakeAmd.milan());
        assertEquals(1, bench.seen.count("failed amd-vcek unreachable"));
        bench.clock.forward(Duration.ofSeconds(2));
        assertEquals(
                Optional.of(Duration.ofSeconds(4)),
                gather(gatherer, FakeAmd.milan()).retryAfter());

        Bytes vcek = bench.serveVcek(FakeAmd.milan());
        bench.kds.comeBack();
        bench.clock.forward(Duration.ofSeconds(4));
        assertInHand(vcek, gatherer, FakeAmd.milan());
    }

    @Test
    void servesWhatIsInHandDuringAnOutage() {
        Bytes vcek = bench.serveVcek(FakeAmd.milan());
        var gatherer = bench.start();
        assertInHand(vcek, gatherer, FakeAmd.milan());
        bench.kds.goDown();
        gather(gatherer, FakeAmd.milan(1));
        assertInHand(vcek, gatherer, FakeAmd.milan());
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 403, 204})
    void keepsOneStrangeAnswerApartFromOtherChips(int status) {
        bench.kds.replies(AmdKds.path(FakeAmd.milan(1)), FakeVendor.status(status, "X-Nothing", "here"));
        Bytes other = bench.serveVcek(FakeAmd.milan(2));
        var gatherer = bench.start();
        var failed = gather(gatherer, FakeAmd.milan(1));
        assertMissing(Outcome.Cause.NOT_FETCHED, failed, FakeAmd.milan(1));
        assertEquals(Optional.of(Duration.ofSeconds(2)), failed.retryAfter());
        gather(gatherer, FakeAmd.milan(1));
        assertEquals(1, bench.kds.requests());
        assertInHand(other, gatherer, FakeAmd.milan(2));

        bench.clock.forward(Duration.ofSeconds(2));
        assertEquals(
                Optional.of(Duration.ofSeconds(4)),
                gather(gatherer, FakeAmd.milan(1)).retryAfter());
    }

    @Test
    void saysNothingOfWhatTheServerSent() {
        bench.kds.repliesOtherwise(FakeVendor.status(500));
        var failed = gather(bench.start(), FakeAmd.milan());
        String why = assertMissing(Outcome.Cause.NOT_FETCHED, failed, FakeAmd.milan())
                .why();
        assertEquals("AMD KDS at 127.0.0.1 answered 500", why);
    }

    @Test
    void neverTakesABodyThatIsNotWhatWasAskedFor() {
        var path = AmdKds.path(FakeAmd.milan());
        bench.kds.serves(path, Bytes.utf8("<html>please log in</html>"));
        var gatherer = bench.start();
        var garbage = gather(gatherer, FakeAmd.milan());
        assertMissing(Outcome.Cause.NOT_FETCHED, garbage, FakeAmd.milan());
        assertEquals(1, bench.seen.count("failed amd-vcek wrong-body"));
        Bytes vcek = bench.serveVcek(FakeAmd.milan());
        bench.clock.forward(Duration.ofSeconds(2));
        assertInHand(vcek, gatherer, FakeAmd.milan());
    }

    @Test
    void handsOverAnotherChipsCertificateToBeJudgedButDoesNotKeepIt() {
        Bytes other = FakeAmd.vcek(FakeAmd.milan(9), bench.clock.instant(), Bench.SEVEN_YEARS);
        bench.kds.serves(AmdKds.path(FakeAmd.milan()), other);
        var gatherer = bench.start();
        assertInHand(other, gatherer, FakeAmd.milan());
        assertInHand(other, gatherer, FakeAmd.milan());
        assertEquals(1, bench.kds.requests());
        assertEquals(1, bench.seen.warnings(GatheringWarning.MISFIT));
        Bytes right = bench.serveVcek(FakeAmd.milan());
        bench.clock.forward(Duration.ofSeconds(2));
        assertInHand(right, gatherer, FakeAmd.milan());
    }

    @Test
    void readsNoMoreThanABoundedBody() {
        bench.kds.serves(AmdKds.path(FakeAmd.milan()), Bytes.zeros(4 * 1024 + 1));
        var tooLong = gather(bench.start(), FakeAmd.milan());
        assertTrue(assertMissing(Outcome.Cause.NOT_FETCHED, tooLong, FakeAmd.milan())
                .why()
                .contains("4096"));
    }

    @Test
    void doesNotFollowARedirect() {
        try (var elsewhere = new FakeVendor()) {
            bench.kds.repliesOtherwise(FakeVendor.status(302, "Location", elsewhere.url() + "/vcek"));
            var redirected = gather(bench.start(), FakeAmd.milan());
            String why = assertMissing(Outcome.Cause.NOT_FETCHED, redirected, FakeAmd.milan())
                    .why();
            assertTrue(why.contains("302"), why);
            assertFalse(why.contains(String.valueOf(elsewhere.url().getPort())), why);
            assertEquals(0, elsewhere.requests());
        }
    }

    @Test
    void givesUpOnABodyThatDrips() {
        bench.requestTimeout = Duration.ofMillis(200);
        bench.kds.repliesOtherwise(new FakeVendor.Reply.Dripping());
        var dripping = gather(bench.start(), FakeAmd.milan());
        assertEquals(
                "AMD KDS at 127.0.0.1 did not answer in time",
                assertMissing(Outcome.Cause.NOT_FETCHED, dripping, FakeAmd.milan())
                        .why());
    }

    @Test
    void survivesAServerThatHangsUp() {
        bench.kds.repliesOtherwise(new FakeVendor.Reply.HangingUp());
        assertMissing(Outcome.Cause.NOT_FETCHED, gather(bench.start(), FakeAmd.milan()), FakeAmd.milan());
    }

    @Test
    void saysThatTlsIsTheTroubleWhenItIs() throws Exception {
        try (var plain = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerInPlainText(plain));
            bench.url = Optional.of(URI.create("https://127.0.0.1:" + plain.getLocalPort()));
            var failed = gather(bench.start(), FakeAmd.milan());
            String why = assertMissing(Outcome.Cause.NOT_FETCHED, failed, FakeAmd.milan())
                    .why();
            assertTrue(why.contains("TLS"), why);
        }
    }

    /** Until the socket is closed: the client may try more than once. */
    private static void answerInPlainText(ServerSocket plain) {
        while (!plain.isClosed()) {
            try (var connection = plain.accept()) {
                connection.getInputStream().read();
                connection.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
                connection.getOutputStream().flush();
            } catch (IOException _) {
                // The client hung up, which is all that is asked of it.
            }
        }
    }
}
