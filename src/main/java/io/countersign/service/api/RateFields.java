package io.countersign.service.api;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.Problem;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.limits.Allowance;
import io.countersign.service.limits.Rates.Counted;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Locale;

/**
 * What a client is told about its allowance: the fields of draft-ietf-httpapi-ratelimit-headers-10, sections 3 and 4, and
 * the problem where it is used up.
 */
final class RateFields {
    private static final int WINDOW_SECONDS = 60;

    private RateFields() {}

    /** In every answer to what is counted, so that a client can slow down before it is refused. */
    static void tell(HttpServerResponse response, Counted counted, Allowance allowance, long left, Duration until) {
        if (response.headWritten()) {
            return;
        }
        String name = '"' + counted.name().toLowerCase(Locale.ROOT) + '"';
        response.putHeader("RateLimit-Policy", name + ";q=" + allowance.perMinute() + ";w=" + WINDOW_SECONDS);
        response.putHeader(
                "RateLimit",
                name + ";r=" + left + ";t=" + until.plusNanos(999_999_999).toSeconds());
    }

    static CountersignException usedUp(Counted counted, Allowance allowance, Duration wait) {
        Problem problem = Problem.of(
                        ProblemCode.RATE_LIMITED,
                        "This client may send %d %s a minute, and has too few of them left for this request."
                                .formatted(allowance.perMinute(), counted.plural()),
                        "Wait as long as Retry-After says, then send the request again.")
                .retryAfter(wait);
        return new CountersignException(problem);
    }

    static CountersignException share(int most) {
        return new CountersignException(Problem.of(
                        ProblemCode.RATE_LIMITED,
                        "This client has as many requests under way as one client may have at once, which is %d."
                                .formatted(most),
                        "Send the next one when an answer has come.")
                .retryAfter(Duration.ofSeconds(1)));
    }

    static CountersignException full() {
        return new CountersignException(Problem.of(
                        ProblemCode.OVERLOADED,
                        "As many requests are under way as the service takes.",
                        "Try again in a moment, or run more replicas.")
                .retryAfter(Duration.ofSeconds(1)));
    }
}
