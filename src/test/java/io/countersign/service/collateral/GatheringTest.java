package io.countersign.service.collateral;

import static io.countersign.service.collateral.Bench.assertInHand;
import static io.countersign.service.collateral.Bench.assertMissing;
import static io.countersign.service.collateral.Bench.gather;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.snp.AmdEndorsementRef;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.EndorsementRef;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatheringTest {
    private final Bench bench = new Bench();

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void fetchesWhatIsNotInHandAndThenHasIt() {
        Bytes vcek = bench.serveVcek(FakeAmd.milan());
        var gatherer = bench.start();
        assertInHand(vcek, gatherer, FakeAmd.milan());
        assertInHand(vcek, gatherer, FakeAmd.milan());
        assertEquals(1, bench.kds.requests());
        assertEquals(1, bench.seen.count("miss amd-vcek"));
        assertEquals(1, bench.seen.count("fetched amd-vcek"));
        assertEquals(1, bench.seen.count("hit amd-vcek"));
    }

    @Test
    void answersEveryReferenceOfARequest() {
        Bytes vcek = bench.serveVcek(FakeAmd.turin());
        Bytes crl = bench.serveCrl(1);
        var chain =
                new AmdEndorsementRef.Chain(FakeAmd.milan().product(), io.countersign.verifier.tee.snp.VekKind.VCEK);
        Bytes pem = FakeAmd.chain(bench.clock.instant());
        bench.kds.serves(AmdKds.path(chain), pem);
        var found = gather(bench.start(), FakeAmd.turin(), FakeAmd.crl(), chain, FakeAmd.milan())
                .found();
        assertEquals(new Availability.InHand(vcek), found.get(FakeAmd.turin()));
        assertEquals(new Availability.InHand(crl), found.get(FakeAmd.crl()));
        assertEquals(new Availability.InHand(pem), found.get(chain));
        assertTrue(found.get(FakeAmd.milan()) instanceof Availability.Missing);
    }

    @Test
    void saysThatNobodySuppliesAnUnknownKindOfReference() {
        EndorsementRef strange = () -> "a thing of another vendor";
        assertMissing(Outcome.Cause.NOT_IN_HAND, gather(bench.start(), strange), strange);
    }

    @Test
    void fetchesTheSameThingOnceForTwentyWhoAskTogether() throws Exception {
        Bytes vcek = bench.serveVcek(FakeAmd.milan());
        bench.kds.closeGate("/");
        var gatherer = bench.start();
        var allHere = new CountDownLatch(20);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<Gathered>>();
            for (int i = 0; i < 20; i++) {
                Callable<Gathered> ask = () -> {
                    allHere.countDown();
                    allHere.await();
                    return gatherer.gather(Set.of(FakeAmd.milan()), Bench.CLIENT, Occasion.NOW);
                };
                answers.add(threads.submit(ask));
            }
            allHere.await();
            bench.kds.openGate();
            for (Future<Gathered> answer : answers) {
                assertEquals(new Availability.InHand(vcek), answer.get().found().get(FakeAmd.milan()));
            }
        }
        assertEquals(1, bench.kds.requests());
    }

    @Test
    void letsARequestGoWhenAFetchTakesTooLongAndHasTheResultForTheNext() {
        bench.waitAtMost = Duration.ofMillis(50);
        Bytes vcek = bench.serveVcek(FakeAmd.milan());
        bench.kds.closeGate("/");
        var gatherer = bench.start();
        var early = gather(gatherer, FakeAmd.milan());
        assertMissing(Outcome.Cause.NOT_FETCHED, early, FakeAmd.milan());
        assertEquals(Optional.of(bench.waitAtMost), early.retryAfter());
        bench.kds.openGate();
        gatherer.awaitLanding();
        assertInHand(vcek, gatherer, FakeAmd.milan());
        assertEquals(1, bench.kds.requests());
    }

    @Test
    void letsWaitersGoWhenItIsClosed() throws Exception {
        bench.kds.closeGate("/");
        var gatherer = bench.start();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = threads.submit(() -> gather(gatherer, FakeAmd.milan()));
            while (bench.kds.requests() < 1) {
                Thread.onSpinWait();
            }
            gatherer.close();
            assertMissing(Outcome.Cause.NOT_FETCHED, waiting.get(5, TimeUnit.SECONDS), FakeAmd.milan());
        }
        assertMissing(Outcome.Cause.NOT_FETCHED, gather(gatherer, FakeAmd.milan(1)), FakeAmd.milan(1));
    }

    @Test
    void refusesARequestAtOnceWhenTheQueueIsFull() {
        bench.maxConcurrent = 1;
        bench.queue = 1;
        bench.waitAtMost = Duration.ofMillis(20);
        bench.kds.closeGate("/");
        var gatherer = bench.start();
        gather(gatherer, FakeAmd.milan(1));
        gather(gatherer, FakeAmd.milan(2));
        var refusal = assertThrows(
                GatheringOverloadedException.class,
                () -> gatherer.gather(Set.of(FakeAmd.milan(3)), Bench.CLIENT, Occasion.NOW));
        assertTrue(refusal.retryAfter().isPositive());
        assertEquals(1, bench.seen.count("overloaded amd-vcek"));
    }

    @Test
    void servesKnownChipsAndRevocationListsWhileTheQueueIsFullOfUnknownChips() {
        Bytes known = bench.serveVcek(FakeAmd.milan());
        Bytes crl = bench.serveCrl(1);
        bench.maxConcurrent = 1;
        bench.queue = 0;
        bench.waitAtMost = Duration.ofSeconds(30);
        var gatherer = bench.start();
        assertInHand(known, gatherer, FakeAmd.milan());
        // The answer is there a moment before its place is free again.
        gatherer.awaitLanding();
        bench.kds.closeGate("/vcek/v1/Milan/c41b");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var stuck = threads.submit(() -> gather(gatherer, FakeAmd.milan(1)));
            // The one place is taken as soon as the server is asked.
            while (bench.kds.requests() < 2) {
                Thread.onSpinWait();
            }
            assertThrows(
                    GatheringOverloadedException.class,
                    () -> gatherer.gather(Set.of(FakeAmd.milan(2)), Bench.CLIENT, Occasion.NOW));
            assertInHand(known, gatherer, FakeAmd.milan());
            assertInHand(crl, gatherer, FakeAmd.crl());
            bench.kds.openGate();
            assertFalse(stuck.isCancelled());
        }
    }

    @Test
    void stopsAClientWhoAsksForTooManyUnknownChipsAndNobodyElse() {
        bench.budget = new CollateralConfig.Budget(2, Duration.ofMinutes(10));
        for (int chip = 1; chip <= 5; chip++) {
            bench.serveVcek(FakeAmd.milan(chip));
        }
        var gatherer = bench.start();
        gather(gatherer, FakeAmd.milan(1));
        gather(gatherer, FakeAmd.milan(2));
        var refused = gather(gatherer, FakeAmd.milan(3));
        assertTrue(assertMissing(Outcome.Cause.NOT_FETCHED, refused, FakeAmd.milan(3))
                .why()
                .contains("budget"));
        assertEquals(Optional.of(Duration.ofMinutes(5)), refused.retryAfter());
        assertEquals(2, bench.kds.requests());
        assertEquals(1, bench.seen.count("throttled amd-vcek"));

        // What was seen is free, for everybody; so are lists; and another client has a budget of its own.
        bench.serveCrl(1);
        var free = gather(gatherer, FakeAmd.milan(1), FakeAmd.milan(2), FakeAmd.crl());
        assertTrue(free.found().values().stream().allMatch(Availability.InHand.class::isInstance));
        var other = gather(gatherer, ClientId.ofPrincipal("other"), FakeAmd.milan(4));
        assertTrue(other.found().get(FakeAmd.milan(4)) instanceof Availability.InHand);

        bench.clock.forward(Duration.ofMinutes(5));
        assertTrue(gather(gatherer, FakeAmd.milan(5)).found().get(FakeAmd.milan(5)) instanceof Availability.InHand);
    }

    @Test
    void takesAllAddressesOfAnIpv6NetworkForOneClient() throws Exception {
        var one = ClientId.ofAddress(InetAddress.getByName("2001:db8:1:2::1"));
        assertEquals(one, ClientId.ofAddress(InetAddress.getByName("2001:db8:1:2:ffff::9")));
        assertFalse(one.equals(ClientId.ofAddress(InetAddress.getByName("2001:db8:1:3::1"))));
        assertFalse(ClientId.ofAddress(InetAddress.getByName("192.0.2.1"))
                .equals(ClientId.ofAddress(InetAddress.getByName("192.0.2.2"))));
    }

    @Test
    void tellsHowThingsStandWithoutNamingAMachine() {
        bench.serveVcek(FakeAmd.milan(1));
        bench.serveVcek(FakeAmd.milan(2));
        bench.serveCrl(1);
        var gatherer = bench.start();
        gather(gatherer, FakeAmd.milan(1), FakeAmd.milan(2), FakeAmd.milan(3), FakeAmd.crl(), FakeAmd.turin());
        bench.kds.replies(AmdKds.path(FakeAmd.turin()), FakeVendor.status(500));
        bench.clock.forward(Duration.ofHours(1));
        gather(gatherer, FakeAmd.turin());
        var states = gatherer.states();
        assertFalse(states.toString().contains("c41b"));
        assertFalse(states.toString().contains("59790fb1"));
        var vceks = states.stream()
                .filter(state ->
                        state.kind().equals("amd-vcek") && state.product().equals("Milan"))
                .findFirst()
                .orElseThrow();
        assertEquals(2, vceks.held());
        var crl = states.stream()
                .filter(state -> state.kind().equals("amd-vcek-crl"))
                .findFirst()
                .orElseThrow();
        assertEquals(Optional.of(bench.clock.instant().plus(Duration.ofHours(5))), crl.freshUntil());
        var turin = states.stream()
                .filter(state -> state.product().equals("Turin"))
                .findFirst()
                .orElseThrow();
        assertEquals(
                "AMD KDS at 127.0.0.1 answered 500",
                turin.lastFailure().orElseThrow().why());
    }
}
