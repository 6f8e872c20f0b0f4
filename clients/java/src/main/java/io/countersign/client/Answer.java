package io.countersign.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.client.Http.Exchange;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** What an exchange with a service that speaks JSON and problem documents came to. */
public sealed interface Answer {
    /** Status 200 with an object. */
    record Good(ObjectNode body) implements Answer {}

    /** A problem, with what Retry-After says. */
    record Bad(Problem problem, Optional<Duration> retryAfter) implements Answer {}

    /** No answer. */
    record None(Http.Sent sent, String why, String hint) implements Answer {}

    /** Retry-After beyond this is cut down: nobody waits for a day at boot. */
    Duration LONGEST_WAIT = Duration.ofHours(1);

    /** Reads the end of an exchange. */
    static Answer of(URI uri, Exchange exchange, InstantSource clock) {
        if (exchange instanceof Exchange.Lost lost) {
            return new None(lost.sent(), lost.why(), lost.hint());
        }
        var answered = (Exchange.Answered) exchange;
        if (answered.status() == 200) {
            try {
                return new Good(StrictJson.object(answered.body()));
            } catch (StrictJson.NotStrictException e) {
                return new None(
                        Http.Sent.PERHAPS,
                        uri + " answered 200 with something else than the JSON expected: " + e.getMessage(),
                        "check that this is the URL of the service and not of a proxy's own page");
            }
        }
        return new Bad(problem(answered), retryAfter(answered, clock));
    }

    private static Problem problem(Exchange.Answered answered) {
        if (answered.status() / 100 == 3) {
            String place =
                    answered.headers().firstValue("Location").map(Plain::line).orElse("nowhere");
            return new Problem(
                    answered.status(),
                    "",
                    "the URL leads on to " + place + ", and redirects are not followed",
                    Optional.of("configure the URL that the service itself has"),
                    java.util.List.of());
        }
        try {
            return Problem.read(answered.status(), StrictJson.object(answered.body()));
        } catch (StrictJson.NotStrictException ignored) {
            return Problem.bare(answered.status());
        }
    }

    /** RFC 9110, section 10.2.3: seconds, or a date. */
    private static Optional<Duration> retryAfter(Exchange.Answered answered, InstantSource clock) {
        return answered.headers().firstValue("Retry-After").flatMap(text -> seconds(text)
                .or(() -> until(text, clock.instant()))
                .map(wait -> wait.isNegative() ? Duration.ZERO : wait)
                .map(wait -> wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait));
    }

    private static Optional<Duration> seconds(String text) {
        return text.matches("[0-9]{1,9}") ? Optional.of(Duration.ofSeconds(Long.parseLong(text))) : Optional.empty();
    }

    private static Optional<Duration> until(String text, Instant now) {
        try {
            return Optional.of(Duration.between(
                    now,
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant()));
        } catch (DateTimeParseException ignored) {
            return Optional.empty();
        }
    }
}
