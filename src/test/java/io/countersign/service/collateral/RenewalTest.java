package io.countersign.service.collateral;

import static io.countersign.service.collateral.Bench.assertInHand;
import static io.countersign.service.collateral.Bench.gather;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenewalTest {
    private final Bench bench = new Bench();

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void renewsARevocationListBeforeItIsTooOld() {
        Bytes first = bench.serveCrl(1);
        var gatherer = bench.start();
        assertInHand(first, gatherer, FakeAmd.crl());
        bench.clock.forward(Duration.ofHours(4));
        gatherer.refreshDue();
        assertEquals(1, bench.kds.requests());

        Bytes second = bench.serveCrl(2);
        bench.clock.forward(Duration.ofMinutes(30));
        gatherer.refreshDue();
        assertEquals(2, bench.kds.requests());
        assertInHand(second, gatherer, FakeAmd.crl());
        assertEquals(2, bench.kds.requests());
    }

    @Test
    void renewsARevocationListBeforeItsNextUpdateWhenThatComesFirst() {
        Bytes first = FakeAmd.crl(1, bench.clock.instant(), Duration.ofHours(2));
        bench.kds.serves(AmdKds.path(FakeAmd.crl()), first);
        var gatherer = bench.start();
        assertInHand(first, gatherer, FakeAmd.crl());
        bench.clock.forward(Duration.ofMinutes(31));
        Bytes second = bench.serveCrl(2);
        gatherer.refreshDue();
        assertInHand(second, gatherer, FakeAmd.crl());
    }

    @Test
    void fetchesNothingThatNobodyWanted() {
        bench.start().refreshDue();
        assertEquals(0, bench.kds.requests());
    }

    @Test
    void keepsTheOldListWhileRenewingFailsAndTakesTheNewOneAfterwards() {
        Bytes first = bench.serveCrl(1);
        var gatherer = bench.start();
        assertInHand(first, gatherer, FakeAmd.crl());
        bench.kds.goDown();
        bench.clock.forward(Duration.ofHours(7));
        gatherer.refreshDue();
        assertInHand(first, gatherer, FakeAmd.crl());
        assertEquals(1, bench.seen.count("failed amd-vcek-crl unreachable"));

        // Even past its nextUpdate: whether that still counts is for the core and the policy.
        bench.clock.forward(Duration.ofDays(40));
        assertInHand(first, gatherer, FakeAmd.crl());

        bench.kds.comeBack();
        Bytes second = bench.serveCrl(2);
        bench.clock.forward(Duration.ofMinutes(2));
        gatherer.refreshDue();
        assertInHand(second, gatherer, FakeAmd.crl());
    }

    @Test
    void saysHowLongToWaitWhenAnExpiredListCannotBeRenewed() {
        Bytes list = bench.serveCrl(1);
        var gatherer = bench.start();
        assertInHand(list, gatherer, FakeAmd.crl());
        bench.kds.goDown();
        bench.clock.forward(Duration.ofDays(7));
        assertEquals(Optional.empty(), gather(gatherer, FakeAmd.crl()).retryAfter(), "it is still in its window");
        bench.clock.forward(Duration.ofDays(30));
        var over = gather(gatherer, FakeAmd.crl());
        assertEquals(Optional.of(Duration.ofSeconds(4)), over.retryAfter());
        assertEquals(
                Outcome.Cause.NOT_FETCHED, Bench.inHand(over, FakeAmd.crl()).causeWhenOver());
    }

    @Test
    void saysThatAskingAgainDoesNotHelpWhenKdsItselfServesAnExpiredListOrHasNone() {
        bench.kds.serves(
                AmdKds.path(FakeAmd.crl()),
                FakeAmd.crl(1, bench.clock.instant().minus(Duration.ofDays(9)), Duration.ofDays(1)));
        var gatherer = bench.start();
        gather(gatherer, FakeAmd.crl());
        var over = gather(gatherer, FakeAmd.crl());
        assertEquals(
                Outcome.Cause.NOT_IN_HAND, Bench.inHand(over, FakeAmd.crl()).causeWhenOver());
        assertEquals(Optional.empty(), over.retryAfter());

        bench.clock.forward(Duration.ofMinutes(2));
        bench.kds.replies(AmdKds.path(FakeAmd.crl()), FakeKds.status(404));
        var none = Bench.inHand(gather(gatherer, FakeAmd.crl()), FakeAmd.crl());
        assertEquals(Outcome.Cause.NOT_IN_HAND, none.causeWhenOver());
        assertEquals(
                "; a newer one could not be had: AMD KDS at 127.0.0.1 answered 404: it has none", none.whyNotRenewed());
    }

    @Test
    void waitsForANewListWhenTheOneInHandIsTooOld() {
        bench.serveCrl(1);
        var gatherer = bench.start();
        gather(gatherer, FakeAmd.crl());
        bench.clock.forward(Duration.ofHours(6));
        Bytes second = bench.serveCrl(2);
        assertInHand(second, gatherer, FakeAmd.crl());
    }

    @Test
    void doesNotAskAgainAtOnceWhenKdsItselfServesAnExpiredList() {
        Bytes over = FakeAmd.crl(1, bench.clock.instant().minus(Duration.ofDays(9)), Duration.ofDays(1));
        bench.kds.serves(AmdKds.path(FakeAmd.crl()), over);
        var gatherer = bench.start();
        assertInHand(over, gatherer, FakeAmd.crl());
        assertInHand(over, gatherer, FakeAmd.crl());
        gatherer.refreshDue();
        assertEquals(1, bench.kds.requests());
        bench.clock.forward(Duration.ofMinutes(1));
        gatherer.refreshDue();
        assertEquals(2, bench.kds.requests());
    }

    @Test
    void doesNotTakeAListWithALowerNumberThanOneSeen() {
        Bytes five = bench.serveCrl(5);
        var gatherer = bench.start();
        assertInHand(five, gatherer, FakeAmd.crl());
        bench.clock.forward(Duration.ofHours(5));
        bench.serveCrl(4);
        gatherer.refreshDue();
        assertInHand(five, gatherer, FakeAmd.crl());
        assertEquals(1, bench.seen.warnings(GatheringWarning.LOWER_CRL_NUMBER));

        bench.clock.forward(Duration.ofMinutes(2));
        bench.kds.serves(
                AmdKds.path(FakeAmd.crl()), FakeAmd.crlWithoutNumber(bench.clock.instant(), Duration.ofDays(30)));
        gatherer.refreshDue();
        assertInHand(five, gatherer, FakeAmd.crl());
        assertEquals(2, bench.seen.warnings(GatheringWarning.LOWER_CRL_NUMBER));

        bench.clock.forward(Duration.ofMinutes(2));
        Bytes six = bench.serveCrl(6);
        gatherer.refreshDue();
        assertInHand(six, gatherer, FakeAmd.crl());
    }

    @Test
    void remembersTheHighestNumberOverARestart(@TempDir Path dir) {
        bench.dataDir = Optional.of(dir);
        Bytes five = bench.serveCrl(5);
        gather(bench.start(), FakeAmd.crl());
        bench.clock.forward(Duration.ofHours(7));
        bench.serveCrl(4);
        var restarted = bench.start();
        restarted.refreshDue();
        assertInHand(five, restarted, FakeAmd.crl());
    }

    @Test
    void doesNotLetAListThatTheCoreWouldRefuseTakeThePlaceOfAGoodOne() {
        Bytes good = bench.serveCrl(1);
        var gatherer = startWithRuleAgainst(FakeAmd.crl(1_000_000, bench.clock.instant(), Duration.ofDays(1)));
        assertInHand(good, gatherer, FakeAmd.crl());
        bench.clock.forward(Duration.ofHours(5));
        gatherer.refreshDue();
        assertInHand(good, gatherer, FakeAmd.crl());
        bench.clock.forward(Duration.ofMinutes(5));
        Bytes next = bench.serveCrl(2);
        gatherer.refreshDue();
        assertInHand(next, gatherer, FakeAmd.crl());
    }

    /** After the first list KDS serves a forged one, which the rule recognises. */
    private EndorsementGatherer startWithRuleAgainst(Bytes forged) {
        bench.keepingRule =
                (_, content) -> content.equals(forged) ? Optional.of("its signature is wrong") : Optional.empty();
        var gatherer = bench.start();
        gather(gatherer, FakeAmd.crl());
        bench.kds.serves(AmdKds.path(FakeAmd.crl()), forged);
        return gatherer;
    }

    @Test
    void takesAVcekIssuedAgainForTheSameKeyWithoutMakingAnyoneWait() {
        var key = FakeAmd.keyPair();
        var ref = FakeAmd.milan();
        Bytes first = FakeAmd.vcek(ref, key, bench.clock.instant(), Duration.ofDays(100));
        bench.kds.serves(AmdKds.path(ref), first);
        var gatherer = bench.start();
        assertInHand(first, gatherer, ref);
        bench.clock.forward(Duration.ofDays(69));
        assertInHand(first, gatherer, ref);
        assertEquals(1, bench.kds.requests());

        bench.clock.forward(Duration.ofDays(1));
        Bytes second = FakeAmd.vcek(ref, key, bench.clock.instant(), Bench.SEVEN_YEARS);
        bench.kds.serves(AmdKds.path(ref), second);
        bench.kds.closeGate("/");
        assertInHand(first, gatherer, ref);
        bench.kds.openGate();
        gatherer.awaitLanding();
        assertInHand(second, gatherer, ref);
        assertEquals(2, bench.kds.requests());
        assertEquals(0, bench.seen.warnings(GatheringWarning.KEY_CHANGED));
    }

    @Test
    void fetchesAnewWhatHasExpired() {
        var key = FakeAmd.keyPair();
        var ref = FakeAmd.milan();
        bench.kds.serves(AmdKds.path(ref), FakeAmd.vcek(ref, key, bench.clock.instant(), Duration.ofDays(100)));
        var gatherer = bench.start();
        gather(gatherer, ref);
        bench.clock.forward(Duration.ofDays(101));
        Bytes second = FakeAmd.vcek(ref, key, bench.clock.instant(), Bench.SEVEN_YEARS);
        bench.kds.serves(AmdKds.path(ref), second);
        assertInHand(second, gatherer, ref);
    }

    @Test
    void warnsOfAVcekIssuedAgainForAnotherKeyAndLetsItBeJudged() {
        var ref = FakeAmd.milan();
        bench.kds.serves(AmdKds.path(ref), FakeAmd.vcek(ref, bench.clock.instant(), Duration.ofDays(100)));
        var gatherer = bench.start();
        gather(gatherer, ref);
        bench.clock.forward(Duration.ofDays(101));
        Bytes otherKey = FakeAmd.vcek(ref, bench.clock.instant(), Bench.SEVEN_YEARS);
        bench.kds.serves(AmdKds.path(ref), otherKey);
        assertInHand(otherKey, gatherer, ref);
        assertEquals(1, bench.seen.warnings(GatheringWarning.KEY_CHANGED));
    }
}
