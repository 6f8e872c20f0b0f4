package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.trust.Availability;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One endorsement's answer, and how long to wait before asking again where that helps. */
record Answer(Availability availability, Optional<Duration> retryAfter) {
    /** An answer known now, or once a fetch has landed. */
    sealed interface Step {
        record Now(Answer answer) implements Step {}

        /** With what to say {@code otherwise} when waiting takes too long. */
        record Later(CompletableFuture<Answer> flight, Answer otherwise) implements Step {}

        /** Waits until a moment of {@link System#nanoTime} at most. */
        default Answer await(long deadline) {
            return switch (this) {
                case Now(Answer answer) -> answer;
                case Later(CompletableFuture<Answer> flight, Answer otherwise) -> {
                    try {
                        yield flight.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                    } catch (TimeoutException | ExecutionException _) {
                        yield otherwise;
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                        yield otherwise;
                    }
                }
            };
        }
    }

    static Answer inHand(Bytes content) {
        return of(new Availability.InHand(content), Duration.ZERO);
    }

    static Answer notInHand(String why) {
        return of(new Availability.Missing(why, Outcome.Cause.NOT_IN_HAND), Duration.ZERO);
    }

    static Answer notFetched(String why, Duration retryAfter) {
        return of(new Availability.Missing(why, Outcome.Cause.NOT_FETCHED), retryAfter);
    }

    /** The wait counts only for what could not be fetched just now: asking again helps nothing else. */
    static Answer of(Availability availability, Duration wait) {
        boolean helps =
                availability instanceof Availability.Missing missing && missing.cause() == Outcome.Cause.NOT_FETCHED;
        return new Answer(availability, helps ? Optional.of(wait) : Optional.empty());
    }

    /**
     * What is held is better than any reason why there is nothing newer. Where its window is over, the core may refuse it:
     * then that reason, and how long to wait for a newer one, still matter.
     */
    static Answer heldOr(Optional<Copy> held, Instant now, Answer otherwise) {
        return held.map(copy -> new Answer(
                        new Availability.InHand(copy.content(), otherwise.whyMissing()),
                        otherwise.retryAfter().filter(_ -> copy.over(now))))
                .orElse(otherwise);
    }

    private Optional<Availability.Missing> whyMissing() {
        return switch (availability) {
            case Availability.Missing missing -> Optional.of(missing);
            case Availability.InHand _ -> Optional.empty();
        };
    }
}
