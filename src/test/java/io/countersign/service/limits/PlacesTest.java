package io.countersign.service.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.countersign.service.collateral.ClientId;
import io.countersign.service.limits.Asker.Standing;
import io.countersign.service.limits.Places.Asked;
import io.countersign.service.limits.Places.Kind;
import io.countersign.service.limits.Places.Purpose;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private static final Asker KMS = new Asker(ClientId.ofPrincipal("kms"), Standing.REGISTERED);
    private static final Asker OTHER_KMS = new Asker(ClientId.ofPrincipal("other"), Standing.REGISTERED);

    private static Asker stranger(int number) {
        return new Asker(new ClientId("address " + number), Standing.STRANGER);
    }

    private static Places places(int all, int callers, int introspection, Optional<Integer> share) {
        return new Places(new Places.Settings(
                all, callers, introspection, Map.of(Standing.STRANGER, share, Standing.REGISTERED, Optional.empty())));
    }

    private static Asked.Taken taken(Places places, Asker asker, Purpose purpose) {
        return assertInstanceOf(Asked.Taken.class, places.ask(asker, purpose));
    }

    private static void refused(Places places, Asker asker, Purpose purpose, Limit limit) {
        assertEquals(
                limit,
                assertInstanceOf(Asked.Refused.class, places.ask(asker, purpose))
                        .limit());
    }

    @Test
    void strangersNeverTakeWhatIsKept() {
        Places places = places(5, 1, 2, Optional.empty());
        var first = taken(places, stranger(1), Purpose.EVIDENCE);
        taken(places, stranger(2), Purpose.EVIDENCE);
        refused(places, stranger(3), Purpose.EVIDENCE, Limit.CONCURRENT);
        assertEquals(Kind.KEPT, taken(places, KMS, Purpose.EVIDENCE).kind());
        refused(places, KMS, Purpose.EVIDENCE, Limit.CONCURRENT);
        assertEquals(Kind.KEPT, taken(places, KMS, Purpose.INTROSPECTION).kind());
        assertEquals(Kind.KEPT, taken(places, OTHER_KMS, Purpose.INTROSPECTION).kind());
        refused(places, KMS, Purpose.INTROSPECTION, Limit.CONCURRENT);
        assertEquals(5, places.underWay());
        first.giveBack().run();
        taken(places, stranger(3), Purpose.EVIDENCE);
    }

    @Test
    void whoHasPlacesKeptTakesCommonOnesToo() {
        Places places = places(4, 1, 1, Optional.empty());
        assertEquals(Kind.KEPT, taken(places, KMS, Purpose.EVIDENCE).kind());
        assertEquals(Kind.COMMON, taken(places, KMS, Purpose.EVIDENCE).kind());
        assertEquals(Kind.COMMON, taken(places, KMS, Purpose.EVIDENCE).kind());
        refused(places, KMS, Purpose.EVIDENCE, Limit.CONCURRENT);
        assertEquals(
                Kind.KEPT, taken(places, KMS, Purpose.INTROSPECTION).kind(), "not to be had by evidence of any kind");
    }

    @Test
    void oneClientHasItsShareAndNobodyElsesIsLess() {
        Places places = places(10, 0, 0, Optional.of(2));
        var first = taken(places, stranger(1), Purpose.EVIDENCE);
        taken(places, stranger(1), Purpose.EVIDENCE);
        refused(places, stranger(1), Purpose.EVIDENCE, Limit.CLIENT_SHARE);
        refused(places, stranger(1), Purpose.EVIDENCE, Limit.CLIENT_SHARE);
        taken(places, stranger(2), Purpose.EVIDENCE);
        IntStream.range(0, 5).forEach(_ -> taken(places, KMS, Purpose.EVIDENCE));
        first.giveBack().run();
        taken(places, stranger(1), Purpose.EVIDENCE);
        refused(places, stranger(1), Purpose.EVIDENCE, Limit.CLIENT_SHARE);
    }

    @Test
    void aRequestWithoutAPlaceHoldsNoShare() {
        Places places = places(1, 0, 0, Optional.of(1));
        var only = taken(places, stranger(1), Purpose.EVIDENCE);
        for (int i = 2; i < 100; i++) {
            refused(places, stranger(i), Purpose.EVIDENCE, Limit.CONCURRENT);
        }
        assertEquals(1, places.clientsCounted());
        only.giveBack().run();
        assertEquals(0, places.clientsCounted());
        assertEquals(0, places.underWay());
        taken(places, stranger(2), Purpose.EVIDENCE);
    }

    @Test
    void placesAreNeitherLostNorDoubledWhenManyAskAtOnce() throws Exception {
        Places places = places(8, 2, 2, Optional.of(3));
        var go = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var rounds = new ArrayList<Callable<Integer>>();
            for (int client = 0; client < 6; client++) {
                Asker asker = client == 0 ? KMS : stranger(client);
                Purpose purpose = client == 0 ? Purpose.INTROSPECTION : Purpose.EVIDENCE;
                rounds.add(() -> {
                    go.await();
                    int most = 0;
                    for (int i = 0; i < 5_000; i++) {
                        if (places.ask(asker, purpose) instanceof Asked.Taken place) {
                            most = Math.max(most, places.underWay());
                            place.giveBack().run();
                        }
                    }
                    return most;
                });
            }
            var pending = rounds.stream().map(threads::submit).toList();
            go.countDown();
            for (var each : pending) {
                assertEquals(true, each.get() <= 8);
            }
        }
        assertEquals(0, places.underWay());
        assertEquals(0, places.clientsCounted());
    }

    @Test
    void aPlaceIsLeftForEverybody() {
        assertThrows(IllegalArgumentException.class, () -> places(4, 2, 2, Optional.empty()));
    }
}
