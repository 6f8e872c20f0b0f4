package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.EndorsementRef;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** Fetches under way: one for each reference, however many ask, and none where asking again would be of no use. */
final class Flights {
    /** Where a departure led; {@code full} when there was no room for it. */
    record Departure(Answer.Step step, boolean full) {
        static Departure now(Answer answer) {
            return new Departure(new Answer.Step.Now(answer), false);
        }
    }

    private final CollateralConfig config;
    private final InstantSource clock;
    private final GatheringObserver observer;
    private final Warnings warnings;
    private final Shelf shelf;
    private final States states;
    private final Setbacks setbacks;
    private final ClientBudget budget;
    private final Map<EndorsementRef, CompletableFuture<Answer>> underWay = new HashMap<>();

    Flights(
            CollateralConfig config,
            InstantSource clock,
            GatheringObserver observer,
            Warnings warnings,
            Shelf shelf,
            States states) {
        this.config = config;
        this.clock = clock;
        this.observer = observer;
        this.warnings = warnings;
        this.shelf = shelf;
        this.states = states;
        this.setbacks = new Setbacks(clock, config.rememberedChips());
        this.budget = new ClientBudget(config.budget(), config.trackedClients(), clock);
    }

    /**
     * Joins the fetch that is under way, or starts one unless something speaks against it.
     *
     * @param held what is in hand already and only to be renewed
     * @param payer whose budget this uses up
     */
    Departure depart(Wanted wanted, Optional<Copy> held, Lane lane, Optional<ClientId> payer) {
        CompletableFuture<Answer> flight;
        synchronized (underWay) {
            var joined = underWay.get(wanted.ref());
            if (joined != null) {
                return new Departure(new Answer.Step.Later(joined, tooLate(held)), false);
            }
            Optional<Answer> known = landedMeanwhile(wanted, held).or(() -> standing(wanted, held, lane));
            if (known.isPresent()) {
                return Departure.now(known.get());
            }
            if (!lane.admit()) {
                return new Departure(new Answer.Step.Now(tooLate(held)), true);
            }
            Optional<Duration> overBudget = payer.flatMap(budget::take);
            if (overBudget.isPresent()) {
                lane.leave();
                observer.throttled(wanted.kind());
                return Departure.now(Answer.notFetched(
                        "this client has used up its budget of machines never seen here before", overBudget.get()));
            }
            flight = new CompletableFuture<>();
            underWay.put(wanted.ref(), flight);
        }
        try {
            lane.run(() -> fly(wanted, held, lane, flight));
        } catch (RejectedExecutionException _) {
            lane.leave();
            land(
                    wanted,
                    flight,
                    Answer.heldOr(held, clock.instant(), Answer.notFetched("the service is stopping", waitAgain())));
        }
        return new Departure(new Answer.Step.Later(flight, tooLate(held)), false);
    }

    /** Whether the last attempt failed, however long ago. */
    boolean failing(EndorsementRef ref) {
        return setbacks.failing(ref);
    }

    /** Another request's fetch may have ended between our looking and our leaving. */
    private Optional<Answer> landedMeanwhile(Wanted wanted, Optional<Copy> held) {
        return shelf.inMemory(wanted)
                .filter(copy -> !held.equals(Optional.of(copy)))
                .map(copy -> Answer.inHand(copy.content()));
    }

    /** What speaks against asking the vendor now, said as the answer. */
    private Optional<Answer> standing(Wanted wanted, Optional<Copy> held, Lane lane) {
        var now = clock.instant();
        return setbacks.standing(wanted.ref())
                .map(setback -> Answer.of(setback.answer(), setback.left(now).orElse(Duration.ZERO)))
                .or(() -> lane.paused()
                        .map(pause ->
                                Answer.notFetched(pause.why(), pause.left(now).orElse(Duration.ZERO))))
                .map(answer -> Answer.heldOr(held, clock.instant(), answer));
    }

    private Answer tooLate(Optional<Copy> held) {
        return Answer.heldOr(
                held,
                clock.instant(),
                Answer.notFetched(
                        "it did not arrive in the time that one request waits, and is still being fetched",
                        waitAgain()));
    }

    private Duration waitAgain() {
        return config.waitAtMost();
    }

    private void fly(Wanted wanted, Optional<Copy> held, Lane lane, CompletableFuture<Answer> flight) {
        Answer answer = Answer.heldOr(
                held, clock.instant(), Answer.notFetched("the service failed while fetching it", waitAgain()));
        try {
            // The vendor may have asked for silence while this one waited for its turn.
            Optional<Answer> standing = standing(wanted, held, lane);
            answer = standing.isPresent() ? standing.get() : fetch(wanted, held, lane);
        } catch (RuntimeException bug) {
            warnings.ourBug(bug);
        } finally {
            land(wanted, flight, answer);
        }
    }

    /** Only after what was fetched is on the shelf: whoever finds no flight then finds the endorsement. */
    private void land(Wanted wanted, CompletableFuture<Answer> flight, Answer answer) {
        synchronized (underWay) {
            underWay.remove(wanted.ref());
        }
        flight.complete(answer);
    }

    private Answer fetch(Wanted wanted, Optional<Copy> held, Lane lane) {
        long start = System.nanoTime();
        return switch (wanted.source().fetch(wanted.ref())) {
            case Fetched.Failed failed -> failed(wanted, held, lane, failed);
            case Fetched.Received(Bytes content) ->
                switch (shelf.take(wanted, content)) {
                    case Shelf.Taken.Kept(Copy copy) -> {
                        lane.answered();
                        observer.fetched(wanted.kind(), Duration.ofNanos(System.nanoTime() - start));
                        yield kept(wanted, copy);
                    }
                    case Shelf.Taken.JudgedOnly(Bytes judged, String why) -> {
                        lane.answered();
                        noteFailure(wanted, FetchFailure.WRONG_BODY, why);
                        yield rest(wanted, held, held.isEmpty() ? new Availability.InHand(judged) : notFetched(why));
                    }
                    case Shelf.Taken.Declined(String why) -> {
                        String sentence = "what was fetched is not what was asked for: " + why;
                        yield failed(wanted, held, lane, new Fetched.Failed(FetchFailure.WRONG_BODY, sentence));
                    }
                };
        };
    }

    private Answer kept(Wanted wanted, Copy copy) {
        setbacks.forget(wanted.ref());
        if (copy.due(clock.instant())) {
            // The vendor itself has nothing newer: asking at every request would not change that.
            setbacks.add(wanted.ref(), config.failing().longest(), new Availability.InHand(copy.content()));
        }
        return Answer.inHand(copy.content());
    }

    private Answer failed(Wanted wanted, Optional<Copy> held, Lane lane, Fetched.Failed failed) {
        noteFailure(wanted, failed.kind(), failed.why());
        return switch (failed.kind()) {
            case THROTTLED -> pause(wanted, held, lane.throttled(failed.why(), failed.retryAfter()));
            case UNREACHABLE -> pause(wanted, held, lane.unreachable(failed.why()));
            case NOT_FOUND -> {
                lane.answered();
                Answer none = Answer.notInHand(failed.why());
                setbacks.add(wanted.ref(), config.notFoundFor(), none.availability());
                yield Answer.heldOr(held, clock.instant(), none);
            }
            // One strange answer says nothing about others: a caller who finds a question that the vendor answers with
            // 500 must not keep everybody else waiting.
            case UNEXPECTED_STATUS, WRONG_BODY -> {
                lane.answered();
                yield rest(wanted, held, notFetched(failed.why()));
            }
        };
    }

    private static Availability notFetched(String why) {
        return new Availability.Missing(why, Outcome.Cause.NOT_FETCHED);
    }

    /** Leaves this one reference alone, for longer with every failure in a row. */
    private Answer rest(Wanted wanted, Optional<Copy> held, Availability answer) {
        Duration wait = config.failing().after(setbacks.failures(wanted.ref()) + 1);
        setbacks.add(wanted.ref(), wait, answer);
        return Answer.heldOr(held, clock.instant(), Answer.of(answer, wait));
    }

    /** The vendor as a whole is left alone, and so is this reference. */
    private Answer pause(Wanted wanted, Optional<Copy> held, Lane.Pause pause) {
        warnings.warn(GatheringWarning.VENDOR_UNAVAILABLE, pause.why());
        Duration left = pause.left(clock.instant()).orElse(Duration.ZERO);
        setbacks.add(wanted.ref(), left, notFetched(pause.why()));
        return Answer.heldOr(held, clock.instant(), Answer.notFetched(pause.why(), left));
    }

    private void noteFailure(Wanted wanted, FetchFailure kind, String why) {
        observer.failed(wanted.kind(), kind);
        // That a vendor does not know a machine somebody made up is no trouble of ours.
        boolean madeUp = kind == FetchFailure.NOT_FOUND && wanted.traits().use() == EndorsementTraits.Use.PER_MACHINE;
        if (!madeUp) {
            states.failed(wanted.traits(), new EndorsementState.Failure(clock.instant(), why));
        }
    }

    /** Comes back when every fetch now under way has landed; for tests, which must not sleep. */
    void awaitLanding() {
        List<CompletableFuture<Answer>> now;
        synchronized (underWay) {
            now = List.copyOf(underWay.values());
        }
        now.forEach(CompletableFuture::join);
    }
}
