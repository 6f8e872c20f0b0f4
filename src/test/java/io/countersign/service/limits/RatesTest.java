package io.countersign.service.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.service.collateral.ClientId;
import io.countersign.service.limits.Asker.Standing;
import io.countersign.service.limits.Rates.Counted;
import io.countersign.service.limits.Rates.Taken;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RatesTest {
    private static final int CLIENTS = 100;
    private static final Asker A = stranger("192.0.2.1");
    private static final Asker B = stranger("192.0.2.2");
    private static final Asker KMS = new Asker(ClientId.ofPrincipal("kms"), Standing.REGISTERED);

    private final HandTicker ticker = new HandTicker();

    private static Asker stranger(String address) {
        return new Asker(ClientId.ofAddress(InetAddress.ofLiteral(address)), Standing.STRANGER);
    }

    private static Asker stranger(int number) {
        return new Asker(new ClientId("address " + number), Standing.STRANGER);
    }

    private Rates rates(int strangers, int registered, int mostAtOnce) {
        var perMinute = Map.of(
                Standing.STRANGER, Optional.of(strangers),
                Standing.REGISTERED, Optional.of(registered));
        return new Rates(new Rates.Settings(perMinute, perMinute, mostAtOnce, CLIENTS), ticker);
    }

    private static Taken take(Rates rates, Asker asker, int many) {
        return rates.take(asker, Counted.EVIDENCE, many, many);
    }

    private static void granted(Rates rates, Asker asker, int many) {
        assertInstanceOf(Taken.Granted.class, take(rates, asker, many));
    }

    private static Duration refused(Rates rates, Asker asker, int many) {
        return assertInstanceOf(Taken.Refused.class, take(rates, asker, many)).after();
    }

    @Test
    void nothingIsCountedUnlessItIsConfigured() {
        Map<Standing, Optional<Integer>> none =
                Map.of(Standing.STRANGER, Optional.empty(), Standing.REGISTERED, Optional.empty());
        var rates = new Rates(new Rates.Settings(none, none, 64, CLIENTS), ticker);
        for (int i = 0; i < 1_000; i++) {
            assertInstanceOf(Taken.Unlimited.class, take(rates, A, 64));
        }
        assertEquals(0, rates.clients());
    }

    @Test
    void aMinutesWorthMayComeAtOnceAndThenAsFastAsItComesBack() {
        Rates rates = rates(60, 60, 1);
        IntStream.range(0, 60).forEach(_ -> granted(rates, A, 1));
        assertEquals(Duration.ofSeconds(1), refused(rates, A, 1));
        for (int i = 0; i < 200; i++) {
            ticker.moveOn(Duration.ofSeconds(1));
            granted(rates, A, 1);
            refused(rates, A, 1);
        }
    }

    @Test
    void whoComesBackWhenToldIsServedAndWhoComesEarlierIsNot() {
        Rates rates = rates(7, 7, 1);
        granted(rates, A, 7);
        Duration after = refused(rates, A, 3);
        ticker.moveOn(after.minusNanos(1));
        refused(rates, A, 3);
        ticker.moveOn(Duration.ofNanos(2));
        granted(rates, A, 3);
    }

    /** In no span of time more than the burst and what comes back in that time; and what is told is exact. */
    @ParameterizedTest
    @CsvSource({"1, 1", "1, 64", "7, 3", "59, 64", "60, 1", "61, 2", "1000, 64", "999, 17", "1000000, 64"})
    void neverMoreThanTheAllowance(int perMinute, int mostAtOnce) {
        for (long seed = 0; seed < 25; seed++) {
            neverMore(perMinute, mostAtOnce, seed);
        }
    }

    private static void neverMore(int perMinute, int mostAtOnce, long seed) {
        var hand = new HandTicker();
        var limit = Map.of(Standing.STRANGER, Optional.of(perMinute), Standing.REGISTERED, Optional.of(1));
        var rates = new Rates(new Rates.Settings(limit, limit, mostAtOnce, CLIENTS), hand);
        var random = new Random(seed);
        long began = hand.read();
        double taken = 0;
        for (int i = 0; i < 100; i++) {
            int many = 1 + random.nextInt(mostAtOnce);
            Taken answer = take(rates, A, many);
            if (answer instanceof Taken.Refused refused) {
                // A bucket counts whole nanoseconds, and leaves out what is left of the last one.
                hand.moveOn(refused.after().plusNanos(1));
                answer = take(rates, A, many);
                assertInstanceOf(Taken.Granted.class, answer, "who waited as told is served");
            }
            taken += many;
            double minutes = (hand.read() - began) / 60e9;
            assertTrue(taken <= Math.max(perMinute, mostAtOnce) + minutes * perMinute + 1e-3, "too much was given");
            if (random.nextInt(10) == 0) {
                hand.moveOn(Duration.ofMillis(random.nextInt(90_000)));
            }
        }
    }

    @Test
    void aRequestOfAsManyAsARequestMayHaveIsNeverRefusedForEver() {
        Rates rates = rates(1, 1, 64);
        granted(rates, A, 64);
        assertEquals(Duration.ofMinutes(64), refused(rates, A, 64));
        ticker.moveOn(Duration.ofMinutes(64));
        granted(rates, A, 64);
    }

    @Test
    void clientsPayForThemselvesAndStandingsHaveAllowancesOfTheirOwn() {
        Rates rates = rates(2, 5, 1);
        granted(rates, A, 2);
        refused(rates, A, 1);
        granted(rates, B, 2);
        granted(rates, KMS, 5);
        refused(rates, KMS, 1);
        assertInstanceOf(Taken.Granted.class, rates.take(A, Counted.REQUESTS, 1, 1), "counted apart");
    }

    @Test
    void aNetworkOfIpv6IsOneClient() {
        Rates rates = rates(2, 2, 1);
        granted(rates, stranger("2001:db8:0:1::1"), 1);
        granted(rates, stranger("2001:db8:0:1:ffff::2"), 1);
        refused(rates, stranger("2001:db8:0:1::3"), 1);
        granted(rates, stranger("2001:db8:0:2::1"), 1);
    }

    @Test
    void whatIsGivenBackMayBeTakenAgain() {
        Rates rates = rates(1, 1, 1);
        granted(rates, A, 1);
        rates.giveBack(A, Counted.EVIDENCE, 1);
        granted(rates, A, 1);
        refused(rates, A, 1);
    }

    @Test
    void aRefusedRequestIsToldWhenAllOfItHasRoom() {
        Rates rates = rates(60, 60, 1);
        granted(rates, A, 58);
        granted(rates, A, 1);
        Taken answer = rates.take(A, Counted.EVIDENCE, 7, 8);
        assertEquals(
                Duration.ofSeconds(7),
                assertInstanceOf(Taken.Refused.class, answer).after());
    }

    /** The flood has more addresses than are told apart; nobody's empty bucket is forgotten for it, and memory is bounded. */
    @Test
    void aFloodOfAddressesGivesNobodyHisShareAnew() {
        Rates rates = rates(3, 3, 1);
        granted(rates, A, 3);
        refused(rates, A, 1);
        int served = 0;
        for (int i = 0; i < 100 * CLIENTS; i++) {
            if (take(rates, stranger(i), 1) instanceof Taken.Granted) {
                served++;
            }
            assertTrue(rates.clients() <= CLIENTS, "bounded");
        }
        refused(rates, A, 1);
        assertEquals(
                CLIENTS - 1 + 3, served, "each who was told apart once, and all others together as often as one may");
        granted(rates, KMS, 3);
    }

    @Test
    void afterTheFloodClientsAreToldApartAgain() {
        Rates rates = rates(3, 3, 1);
        for (int i = 0; i < 2 * CLIENTS; i++) {
            take(rates, stranger(i), 1);
        }
        refused(rates, B, 1);
        ticker.moveOn(Duration.ofSeconds(61));
        granted(rates, B, 3);
        refused(rates, B, 1);
        granted(rates, A, 3);
        assertTrue(rates.clients() <= 2, "what was full again is forgotten");
    }

    /** Only who stayed away until his bucket was full is forgotten. */
    @Test
    void whoComesAgainAndAgainIsNotForgotten() {
        Rates rates = rates(60, 60, 1);
        granted(rates, A, 60);
        ticker.moveOn(Duration.ofSeconds(30));
        granted(rates, A, 30);
        ticker.moveOn(Duration.ofSeconds(31));
        granted(rates, A, 31);
        refused(rates, A, 1);
        ticker.moveOn(Duration.ofSeconds(59));
        assertEquals(Duration.ofSeconds(1), refused(rates, A, 60));
    }

    @Test
    void addressesOfEitherKindAreNeverOneClient() throws UnknownHostException {
        assertEquals(
                ClientId.ofAddress(InetAddress.getByName("::ffff:192.0.2.1")),
                ClientId.ofAddress(InetAddress.getByName("192.0.2.1")),
                "one machine however it is written");
    }
}
