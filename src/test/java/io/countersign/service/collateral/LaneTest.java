package io.countersign.service.collateral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaneTest {
    private static final URI ORIGIN = URI.create("https://vendor.example");
    private static final URI OTHER = URI.create("https://mirror.example");

    private final HandClock clock = new HandClock();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Lane lane = new Lane(CollateralConfig.defaults(Optional.empty()), clock, threads);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private Optional<Duration> left() {
        return lane.paused(List.of(ORIGIN)).flatMap(pause -> pause.left(clock.instant()));
    }

    @Test
    void keepsThePauseTheVendorAskedForAlthoughAnEarlierFetchSucceedsMeanwhile() {
        lane.throttled(ORIGIN, "slow down", Optional.of(Duration.ofSeconds(40)));
        lane.answered(ORIGIN);
        assertEquals(Optional.of(Duration.ofSeconds(40)), left());
    }

    @Test
    void countsFailuresOfFetchesThatWereUnderWayTogetherAsOne() {
        for (int i = 0; i < 4; i++) {
            lane.throttled(ORIGIN, "slow down", Optional.empty());
        }
        assertEquals(Optional.of(Duration.ofSeconds(10)), left());
    }

    @Test
    void neverShortensAPause() {
        lane.throttled(ORIGIN, "slow down", Optional.of(Duration.ofSeconds(40)));
        lane.unreachable(ORIGIN, "gone");
        assertEquals(Optional.of(Duration.ofSeconds(40)), left());
    }

    @Test
    void pausesOneOriginWithoutTheOthersAndTheVendorOnlyWithAllOfThem() {
        lane.throttled(ORIGIN, "slow down", Optional.of(Duration.ofSeconds(40)));
        assertEquals(List.of(OTHER), lane.open(List.of(ORIGIN, OTHER)));
        assertEquals(Optional.empty(), lane.paused(List.of(ORIGIN, OTHER)));
        lane.unreachable(OTHER, "gone");
        var pause = lane.paused(List.of(ORIGIN, OTHER)).orElseThrow();
        assertEquals(Optional.of(Duration.ofSeconds(2)), pause.left(clock.instant()));
        assertEquals("slow down; gone", pause.why());
        clock.forward(Duration.ofSeconds(2));
        assertEquals(List.of(OTHER), lane.open(List.of(ORIGIN, OTHER)));
    }

    @Test
    void forgetsAPauseWhenTheClockIsSetBack() {
        lane.throttled(ORIGIN, "slow down", Optional.empty());
        clock.forward(Duration.ofHours(-1));
        assertEquals(Optional.empty(), left());
    }

    @Test
    void admitsAsManyAsMayRunAndWait() {
        int room = CollateralConfig.defaults(Optional.empty()).maxConcurrent()
                + CollateralConfig.defaults(Optional.empty()).queue();
        for (int i = 0; i < room; i++) {
            assertTrue(lane.admit());
        }
        assertFalse(lane.admit());
        lane.leave();
        assertTrue(lane.admit());
    }
}
