package io.countersign.service.limits;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.Problem;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.verbs.Deadline;
import io.countersign.service.verbs.Verb;
import io.countersign.service.verbs.Verbs;
import java.time.Duration;

/**
 * Ends an appraisal whose time is over before it begins its next verb. Nothing has been spent by then: the challenge is,
 * within the last verb, only after the token is signed.
 */
public final class VerbsInTime implements Verbs {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final Verbs watched;
    private final LimitsObserver observer;

    /** Takes who else watches the verbs. */
    public VerbsInTime(Verbs watched, LimitsObserver observer) {
        this.watched = watched;
        this.observer = observer;
    }

    @Override
    public Step begin(Verb verb) {
        Deadline.current().ifPresent(deadline -> {
            if (deadline.left().isZero()) {
                observer.refused(Limit.TIME);
                throw new CountersignException(over(deadline));
            }
            deadline.at(verb);
        });
        return watched.begin(verb);
    }

    private static Problem over(Deadline deadline) {
        return Problem.of(
                        ProblemCode.OVERLOADED,
                        "The appraisal was not done within its %s; it was at the verb %s."
                                .formatted(
                                        seconds(deadline.time()), deadline.at().word()),
                        deadline.at() == Verb.GATHER
                                ? "Send the request again, or send the endorsements along: the vendors answer slowly."
                                : "Send the request again in a moment; nothing was spent.")
                .retryAfter(RETRY_AFTER);
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
