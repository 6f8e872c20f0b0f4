package io.countersign.verifier.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A minute of skew counts at the beginning of a window and nothing at its end. */
class WindowTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("2026-02-01T00:00:00Z");
    private static final Window WINDOW = new Window(BEGIN, END);

    @Test
    void bothEndsBelongToTheWindow() {
        assertEquals(Window.Standing.WITHIN, WINDOW.at(BEGIN));
        assertEquals(Window.Standing.WITHIN, WINDOW.at(END));
    }

    @Test
    void aMinuteBeforeTheBeginningIsToleratedAndNoMore() {
        assertEquals(Window.Standing.WITHIN, WINDOW.at(BEGIN.minusSeconds(60)));
        assertEquals(Window.Standing.NOT_YET, WINDOW.at(BEGIN.minusSeconds(60).minusNanos(1)));
    }

    @Test
    void nothingAfterTheEndIsTolerated() {
        assertEquals(Window.Standing.OVER, WINDOW.at(END.plusNanos(1)));
    }
}
