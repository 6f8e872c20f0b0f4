package io.countersign.service.collateral;

import static io.countersign.service.collateral.Bench.assertInHand;
import static io.countersign.service.collateral.Bench.assertMissing;
import static io.countersign.service.collateral.Bench.gather;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A PCS or PCCS that is slow, down, throttling or strange, alone or with another one behind it. */
class IntelOutageTest {
    private final IntelBench intel = new IntelBench();

    @AfterEach
    void stop() {
        intel.close();
    }

    @ParameterizedTest
    @CsvSource({"429, 45, 45", "429, soon, 10", "503, 45, 45"})
    void leavesThePcsAloneForAsLongAsItAsks(int status, String header, int seconds) {
        intel.first.repliesOtherwise(FakeVendor.status(status, "Retry-After", header));
        var gatherer = intel.start();
        assertEquals(
                Optional.of(Duration.ofSeconds(seconds)),
                gather(gatherer, FakeIntel.TCB).retryAfter());
        assertEquals(
                Optional.of(Duration.ofSeconds(seconds)),
                gather(gatherer, FakeIntel.QE).retryAfter());
        assertEquals(1, intel.first.requests());
        intel.forward(Duration.ofSeconds(seconds));
        assertInHand(intel.serve(intel.first, 20), gatherer, FakeIntel.TCB);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 403, 302})
    void keepsOneStrangeAnswerApartFromOtherThings(int status) {
        intel.first.replies(FakeIntel.TCB_PATH, FakeVendor.status(status));
        Bytes list = FakeIntel.pckCrl(intel.now());
        intel.first.serves(FakeIntel.PCK_CRL_PATH, list);
        var gatherer = intel.start();
        var failed = gather(gatherer, FakeIntel.TCB);
        assertMissing(Outcome.Cause.NOT_FETCHED, failed, FakeIntel.TCB);
        assertEquals(Optional.of(Duration.ofSeconds(2)), failed.retryAfter());
        assertInHand(list, gatherer, FakeIntel.PCK_CRL);
    }

    /** Whoever asks again at once learns nothing new: that is no outage, and no 503. */
    @ParameterizedTest
    @ValueSource(ints = {404, 410})
    void believesForAWhileThatNobodyHasIt(int status) {
        intel.first.replies(FakeIntel.TCB_PATH, FakeVendor.status(status));
        var gatherer = intel.start();
        var none = gather(gatherer, FakeIntel.TCB);
        assertEquals(
                "PCCS at 127.0.0.1 answered %d: it has none".formatted(status),
                assertMissing(Outcome.Cause.NOT_IN_HAND, none, FakeIntel.TCB).why());
        assertEquals(Optional.empty(), none.retryAfter());
        Bytes filled = intel.serve(intel.first, 20);
        intel.forward(Duration.ofMinutes(5));
        assertInHand(filled, gatherer, FakeIntel.TCB);
    }

    @Test
    void recoversFromAnOutageByItself() {
        intel.first.goDown();
        var gatherer = intel.start();
        var down = gather(gatherer, FakeIntel.TCB);
        assertEquals(
                "PCCS at 127.0.0.1 could not be reached",
                assertMissing(Outcome.Cause.NOT_FETCHED, down, FakeIntel.TCB).why());
        assertEquals(Optional.of(Duration.ofSeconds(2)), down.retryAfter());
        assertEquals(1, intel.bench.seen.warnings(GatheringWarning.VENDOR_UNAVAILABLE));
        intel.first.comeBack();
        Bytes body = intel.serve(intel.first, 20);
        intel.forward(Duration.ofSeconds(2));
        assertInHand(body, gatherer, FakeIntel.TCB);
    }

    @Test
    void servesTheCopyInHandWhileItsWindowLastsAndSaysWhyThereIsNoNewerOneAfterwards() {
        Bytes body = intel.serve(intel.first, 20);
        var gatherer = intel.start();
        assertInHand(body, gatherer, FakeIntel.TCB);
        intel.first.goDown();
        intel.forward(Duration.ofDays(29));
        gatherer.refreshDue();
        var within = gather(gatherer, FakeIntel.TCB);
        assertEquals(body, Bench.inHand(within, FakeIntel.TCB).content());
        assertEquals(Optional.empty(), within.retryAfter());

        intel.forward(Duration.ofDays(1));
        var over = gather(gatherer, FakeIntel.TCB);
        assertEquals(body, Bench.inHand(over, FakeIntel.TCB).content());
        assertEquals(
                Outcome.Cause.NOT_FETCHED, Bench.inHand(over, FakeIntel.TCB).causeWhenOver());
        assertTrue(over.retryAfter().isPresent());
    }

    @Test
    void renewsInTheBackgroundBeforeTheGreatestAgeAndBeforeNextUpdate() {
        Bytes first = intel.serve(intel.first, 20);
        var gatherer = intel.start();
        assertInHand(first, gatherer, FakeIntel.TCB);
        intel.forward(Duration.ofHours(4));
        gatherer.refreshDue();
        assertEquals(1, intel.first.requests());
        intel.forward(Duration.ofMinutes(30));
        Bytes second = FakeIntel.tcbInfo(21, intel.now(), Duration.ofHours(2));
        intel.first.serves(FakeIntel.TCB_PATH, second);
        gatherer.refreshDue();
        assertInHand(second, gatherer, FakeIntel.TCB);
        assertEquals(2, intel.first.requests());

        intel.forward(Duration.ofMinutes(31));
        Bytes third = intel.serve(intel.first, 21);
        gatherer.refreshDue();
        assertInHand(third, gatherer, FakeIntel.TCB);
        assertEquals(3, intel.first.requests());
    }

    @Test
    void doesNotAskAgainAtOnceWhenThePcsServesWhatHasEnded() {
        Bytes over = FakeIntel.tcbInfo(20, intel.now().minus(Duration.ofDays(31)));
        intel.first.serves(FakeIntel.TCB_PATH, over);
        var gatherer = intel.start();
        assertInHand(over, gatherer, FakeIntel.TCB);
        var again = Bench.inHand(gather(gatherer, FakeIntel.TCB), FakeIntel.TCB);
        assertEquals(Outcome.Cause.NOT_IN_HAND, again.causeWhenOver());
        assertEquals(1, intel.first.requests());
        intel.forward(Duration.ofMinutes(1));
        assertInHand(intel.serve(intel.first, 20), gatherer, FakeIntel.TCB);
    }

    @Test
    void doesNotLetWhatHasEndedTakeThePlaceOfWhatHasNot() {
        Bytes good = intel.serve(intel.first, 20);
        var gatherer = intel.start();
        assertInHand(good, gatherer, FakeIntel.TCB);
        intel.forward(Duration.ofHours(5));
        intel.first.serves(FakeIntel.TCB_PATH, FakeIntel.tcbInfo(21, intel.now(), Duration.ofSeconds(-1)));
        gatherer.refreshDue();
        assertInHand(good, gatherer, FakeIntel.TCB);
        assertEquals(Optional.of("20"), IntelBench.seen(gatherer));
    }

    static Stream<FakeVendor.Reply> asksTheNextWhereTheFirstHasNothingToTake() {
        var now = new HandClock().instant();
        return Stream.of(
                FakeVendor.status(404),
                FakeVendor.status(429),
                FakeVendor.status(500),
                FakeVendor.status(503, "Retry-After", "60"),
                new FakeVendor.Reply.HangingUp(),
                new FakeVendor.Reply.Dripping(),
                new FakeVendor.Reply.Plain(200, Map.of(), Bytes.utf8("<html>")),
                FakeIntel.withChain(FakeIntel.tcbInfo("TDX", "90C06F000000", 20, now, FakeIntel.MONTH)),
                FakeIntel.withChain(FakeIntel.tcbInfo(20, now.minus(Duration.ofDays(31)))));
    }

    @ParameterizedTest
    @MethodSource
    void asksTheNextWhereTheFirstHasNothingToTake(FakeVendor.Reply reply) {
        intel.askBoth();
        intel.bench.requestTimeout = Duration.ofSeconds(3);
        intel.first.replies(FakeIntel.TCB_PATH, reply);
        Bytes body = intel.serve(intel.second, 20);
        assertInHand(body, intel.start(), FakeIntel.TCB);
        assertEquals(FakeIntel.TCB_PATH, intel.first.asked().getFirst());
        assertEquals(List.of(FakeIntel.TCB_PATH), intel.second.asked());
    }

    @Test
    void leavesOnlyTheOneAloneThatIsAway() {
        intel.askBoth();
        intel.first.repliesOtherwise(FakeVendor.status(429, "Retry-After", "60"));
        intel.serve(intel.second, 20);
        Bytes list = FakeIntel.pckCrl(intel.now());
        intel.second.serves(FakeIntel.PCK_CRL_PATH, list);
        var gatherer = intel.start();
        gather(gatherer, FakeIntel.TCB);
        assertInHand(list, gatherer, FakeIntel.PCK_CRL);
        assertEquals(1, intel.first.requests());

        intel.forward(Duration.ofSeconds(60));
        gather(gatherer, FakeIntel.QE);
        assertEquals(2, intel.first.requests(), "it is asked first again once its time is over");
    }

    @Test
    void asksForTheOneThatAnsweredSoonestWhenAllAreAway() {
        intel.askBoth();
        intel.first.repliesOtherwise(FakeVendor.status(429, "Retry-After", "60"));
        intel.second.repliesOtherwise(FakeVendor.status(429, "Retry-After", "30"));
        var gatherer = intel.start();
        var away = gather(gatherer, FakeIntel.TCB);
        assertMissing(Outcome.Cause.NOT_FETCHED, away, FakeIntel.TCB);
        assertEquals(Optional.of(Duration.ofSeconds(30)), away.retryAfter());
        intel.forward(Duration.ofSeconds(30));
        assertInHand(intel.serve(intel.second, 20), gatherer, FakeIntel.TCB);
        assertEquals(1, intel.first.requests());
    }

    @Test
    void asksTheFirstAloneWhileItAnswers() {
        intel.askBoth();
        assertInHand(intel.serve(intel.first, 20), intel.start(), FakeIntel.TCB);
        assertEquals(0, intel.second.requests());
    }

    @Test
    void givesAllOfThemTogetherTheTimeOfOneFetch() {
        intel.urls =
                List.of(intel.first.url(), URI.create(intel.first.url() + "/a"), URI.create(intel.first.url() + "/b"));
        intel.bench.requestTimeout = Duration.ofMillis(1500);
        intel.first.repliesOtherwise(new FakeVendor.Reply.Dripping());
        long start = System.nanoTime();
        var slow = gather(intel.start(), FakeIntel.TCB);
        long took = Duration.ofNanos(System.nanoTime() - start).toMillis();
        assertMissing(Outcome.Cause.NOT_FETCHED, slow, FakeIntel.TCB);
        assertEquals(3, intel.first.requests());
        assertTrue(took < 2 * 1500, "took " + took + " ms");
    }

    @Test
    void makesNoRequestWaitLongerThanItMay() {
        intel.bench.waitAtMost = Duration.ofMillis(50);
        Bytes body = intel.serve(intel.first, 20);
        intel.first.closeGate("/");
        var gatherer = intel.start();
        var waiting = gather(gatherer, FakeIntel.TCB);
        assertMissing(Outcome.Cause.NOT_FETCHED, waiting, FakeIntel.TCB);
        assertEquals(Optional.of(Duration.ofMillis(50)), waiting.retryAfter());
        intel.first.openGate();
        gatherer.awaitLanding();
        assertInHand(body, gatherer, FakeIntel.TCB);
        assertEquals(1, intel.first.requests());
    }

    @Test
    void namesEveryReasonWhenSeveralFailed() {
        intel.askBoth();
        intel.first.repliesOtherwise(FakeVendor.status(500));
        intel.second.repliesOtherwise(FakeVendor.status(404));
        assertEquals(
                "PCCS at 127.0.0.1 answered 500; PCCS at 127.0.0.1 answered 404: it has none",
                assertMissing(Outcome.Cause.NOT_FETCHED, gather(intel.start(), FakeIntel.TCB), FakeIntel.TCB)
                        .why());
    }
}
