package io.countersign.service.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class FirstRefusalsTest {
    private final HandTicker ticker = new HandTicker();
    private final ArrayList<String> said = new ArrayList<>();
    private final FirstRefusals refusals = new FirstRefusals(ticker, said::add);

    @Test
    void aLimitThatBeginsToRefuseIsSaidOnceHoweverMuchItRefuses() {
        for (int i = 0; i < 1_000; i++) {
            refusals.refused(Limit.RATE);
            ticker.moveOn(Duration.ofMinutes(9));
        }
        assertEquals(1, said.size());
        assertTrue(said.getFirst().contains("the limit rate "), said.getFirst());
        refusals.refused(Limit.CLIENT_SHARE);
        assertEquals(2, said.size());
        assertTrue(said.getLast().contains("the limit client-share "), said.getLast());
    }

    @Test
    void afterASilenceItIsSaidAgainWithWhatTheLastTimeWas() {
        refusals.refused(Limit.CONCURRENT);
        refusals.refused(Limit.CONCURRENT);
        ticker.moveOn(Duration.ofMinutes(10));
        refusals.refused(Limit.CONCURRENT);
        assertEquals(2, said.size());
        assertTrue(said.getLast().endsWith("The last time it refused 2."), said.getLast());
        ticker.moveOn(Duration.ofMinutes(10));
        refusals.refused(Limit.CONCURRENT);
        assertTrue(said.getLast().endsWith("The last time it refused 1."), said.getLast());
    }
}
