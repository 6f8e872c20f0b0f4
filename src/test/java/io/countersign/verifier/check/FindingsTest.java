package io.countersign.verifier.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FindingsTest {
    private static Outcome.Failed failed(int count) {
        var findings = new Findings();
        IntStream.range(0, count)
                .forEach(i -> findings.add(new Outcome.Failed("good " + i, "bad " + i, "Bring another.")));
        return assertInstanceOf(Outcome.Failed.class, findings.conclude("nothing is wrong"));
    }

    @Test
    void tellsEveryFindingUpToAsManyAsHelp() {
        Outcome.Failed failed = failed(Findings.MOST_TOLD);
        assertTrue(failed.actual().endsWith("; bad 15"), failed.actual());
        assertEquals("Bring another.", failed.hint());
    }

    @Test
    void countsWhatItDoesNotTell() {
        Outcome.Failed failed = failed(256);
        assertTrue(failed.actual().endsWith("; bad 15; and 240 more"), failed.actual());
        assertTrue(failed.expected().endsWith("; good 15; and 240 more"), failed.expected());
        assertEquals("Bring another.", failed.hint());
    }
}
