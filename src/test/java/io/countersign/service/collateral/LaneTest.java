package io.countersign.service.collateral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaneTest {
    private final HandClock clock = new HandClock();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Lane lane = new Lane(CollateralConfig.defaults(Optional.empty()), clock, threads);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private Optional<Duration> left() {
        return lane.paused().flatMap(pause -> pause.left(clock.instant()));
    }

    @Test
    void keepsThePauseTheVendorAskedForAlthoughAnEarlierFetchSucceedsMeanwhile() {
        lane.throttled("slow down", Optional.of(Duration.ofSeconds(40)));
        lane.answered();
        assertEquals(Optional.of(Duration.ofSeconds(40)), left());
    }

    @Test
    void countsFailuresOfFetchesThatWereUnderWayTogetherAsOne() {
        for (int i = 0; i < 4; i++) {
            lane.throttled("slow down", Optional.empty());
        }
        assertEquals(Optional.of(Duration.ofSeconds(10)), left());
    }

    @Test
    void neverShortensAPause() {
        lane.throttled("slow down", Optional.of(Duration.ofSeconds(40)));
        lane.unreachable("gone");
        assertEquals(Optional.of(Duration.ofSeconds(40)), left());
    }

    @Test
    void forgetsAPauseWhenTheClockIsSetBack() {
        lane.throttled("slow down", Optional.empty());
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
