package io.countersign.service.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.verbs.Deadline;
import io.countersign.service.verbs.Verb;
import io.countersign.service.verbs.Verbs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerbsInTimeTest {
    private static final Duration TIME = Duration.ofSeconds(20);

    private final HandTicker ticker = new HandTicker();
    private final List<Verb> watched = new ArrayList<>();
    private final List<Limit> refused = new ArrayList<>();
    private final Verbs verbs = new VerbsInTime(
            verb -> {
                watched.add(verb);
                return () -> {};
            },
            refused::add);

    private void pass(Verb verb, Duration took) {
        try (var _ = verbs.begin(verb)) {
            ticker.moveOn(took);
        }
    }

    @Test
    void whatIsDoneInTimeIsWatchedAndNothingElse() throws Exception {
        Deadline.within(TIME, ticker::read, () -> {
            pass(Verb.PARSE, Duration.ofSeconds(10));
            pass(Verb.GATHER, Duration.ofSeconds(10).minusNanos(1));
            pass(Verb.AUTHENTICATE, Duration.ofSeconds(10));
            return "";
        });
        assertEquals(List.of(Verb.PARSE, Verb.GATHER, Verb.AUTHENTICATE), watched);
        assertEquals(List.of(), refused);
    }

    @Test
    void theNextVerbIsNotBegunAndTheOneThatTookTheTimeIsNamed() {
        var ended = assertThrows(
                CountersignException.class,
                () -> Deadline.within(TIME, ticker::read, () -> {
                    pass(Verb.PARSE, Duration.ofSeconds(1));
                    pass(Verb.GATHER, Duration.ofSeconds(19));
                    pass(Verb.AUTHENTICATE, Duration.ZERO);
                    return "";
                }));
        assertEquals(ProblemCode.OVERLOADED, ended.problem().code());
        assertTrue(
                ended.problem().detail().contains("20 s; it was at the verb gather"),
                ended.problem().detail());
        assertEquals(Optional.of(5L), ended.problem().retryAfterSeconds());
        assertEquals(List.of(Verb.PARSE, Verb.GATHER), watched);
        assertEquals(List.of(Limit.TIME), refused);
    }

    @Test
    void anotherAppraisalOfTheSameRequestHasItsOwnTime() throws Exception {
        Deadline.within(TIME, ticker::read, () -> {
            for (int i = 0; i < 5; i++) {
                Deadline.current().orElseThrow().again();
                pass(Verb.PARSE, Duration.ofSeconds(15));
                pass(Verb.APPRAISE, Duration.ofSeconds(15));
            }
            return "";
        });
        assertEquals(10, watched.size());
    }

    @Test
    void workForNobodyHasNoDeadline() throws Exception {
        pass(Verb.GATHER, Duration.ofHours(1));
        pass(Verb.APPRAISE, Duration.ZERO);
        assertEquals(2, watched.size());
        assertEquals(Duration.ofSeconds(5), Deadline.atMost(Duration.ofSeconds(5)));
        Deadline.within(TIME, ticker::read, () -> {
            assertEquals(Duration.ofSeconds(5), Deadline.atMost(Duration.ofSeconds(5)));
            ticker.moveOn(Duration.ofSeconds(17));
            assertEquals(Duration.ofSeconds(3), Deadline.atMost(Duration.ofSeconds(5)));
            ticker.moveOn(Duration.ofSeconds(17));
            assertEquals(Duration.ZERO, Deadline.atMost(Duration.ofSeconds(5)));
            return "";
        });
    }
}
