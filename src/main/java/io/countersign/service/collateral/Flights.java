package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.EndorsementRef;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Fetches under way: one for each reference, however many ask, and none where asking again would be of no use. */
final class Flights {
    /** Where a departure led; {@code full} when there was no room for it. */
    record Departure(Answer.Step step, boolean full) {
        static Departure now(Answer answer) {
            return new Departure(new Answer.Step.Now(answer), false);
        }
    }

    /** However many origins are slow, each of the rest is given this long. */
    private static final Duration LEAST = Duration.ofMillis(100);

    private final CollateralConfig config;
    private final InstantSource clock;
    private final GatheringObserver observer;
    private final Warnings warnings;
    private final Shelf shelf;
    private final States states;
    private final Setbacks setbacks;
    /** One for each vendor: made-up chips of one must not cost anybody another's devices. */
    private final Map<EndorsementSource, ClientBudget> budgets = new ConcurrentHashMap<>();

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
                observer.turnedAway(wanted.kind());
                return new Departure(new Answer.Step.Now(tooLate(held)), true);
            }
            Optional<Duration> overBudget = payer.flatMap(budget(wanted.source())::take);
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
            lane.run(observer.carried(() -> fly(wanted, held, lane, flight)));
        } catch (RejectedExecutionException _) {
            lane.leave();
            land(
                    wanted,
                    flight,
                    Answer.heldOr(held, clock.instant(), Answer.notFetched("the service is stopping", waitAgain())));
        }
        return new Departure(new Answer.Step.Later(flight, tooLate(held)), false);
    }

    private ClientBudget budget(EndorsementSource source) {
        return budgets.computeIfAbsent(
                source, vendor -> new ClientBudget(vendor.budget(), config.trackedClients(), clock));
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
                .or(() -> lane.paused(wanted.origins())
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

    /** How asking one origin ended. */
    private sealed interface Asked {
        record Kept(Copy copy) implements Asked {}

        /** To be judged this once, where there is nothing better. */
        record JudgedOnly(Bytes content, String why) implements Asked {}

        record Failed(FetchFailure kind, String why) implements Asked {}
    }

    /** Asks one origin after the other until one gives something to take; all of them together in the time of one fetch. */
    private Answer fetch(Wanted wanted, Optional<Copy> held, Lane lane) {
        long deadline = System.nanoTime() + config.requestTimeout().toNanos();
        List<URI> open = lane.open(wanted.origins());
        var without = new ArrayList<Asked>();
        Optional<Copy> over = Optional.empty();
        for (int i = 0; i < open.size(); i++) {
            long left = Math.max(LEAST.toNanos(), deadline - System.nanoTime());
            switch (ask(wanted, lane, open.get(i), Duration.ofNanos(left / (open.size() - i)))) {
                case Asked.Kept(Copy copy)
                when !copy.over(clock.instant()) -> {
                    return kept(wanted, copy);
                }
                // It is kept for want of a better one, which the next origin may have.
                case Asked.Kept(Copy copy) -> over = Optional.of(copy);
                case Asked.JudgedOnly judged -> without.add(judged);
                case Asked.Failed failed -> without.add(failed);
            }
        }
        return over.map(copy -> kept(wanted, copy)).orElseGet(() -> none(wanted, held, lane, without));
    }

    private Asked ask(Wanted wanted, Lane lane, URI origin, Duration atMost) {
        long start = System.nanoTime();
        Fetched answer;
        try (var _ = observer.asking(wanted.kind(), String.valueOf(origin.getHost()))) {
            answer = wanted.fetch(origin, atMost);
        }
        return switch (answer) {
            case Fetched.Failed failed -> failed(wanted, lane, origin, failed);
            case Fetched.Received(Bytes content) -> {
                lane.answered(origin);
                yield switch (shelf.take(wanted, content, origin)) {
                    case Shelf.Taken.Kept(Copy copy) -> {
                        observer.fetched(wanted.kind(), Duration.ofNanos(System.nanoTime() - start));
                        yield new Asked.Kept(copy);
                    }
                    case Shelf.Taken.JudgedOnly(Bytes judged, String why) -> {
                        noteFailure(wanted, FetchFailure.WRONG_BODY, why);
                        yield new Asked.JudgedOnly(judged, why);
                    }
                    case Shelf.Taken.Declined(String why) ->
                        failed(
                                wanted,
                                lane,
                                origin,
                                new Fetched.Failed(FetchFailure.WRONG_BODY, "what was fetched is not taken: " + why));
                };
            }
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

    private Asked failed(Wanted wanted, Lane lane, URI origin, Fetched.Failed failed) {
        noteFailure(wanted, failed.kind(), failed.why());
        switch (failed.kind()) {
            case THROTTLED -> {
                lane.throttled(origin, failed.why(), failed.retryAfter());
                warnings.warn(GatheringWarning.VENDOR_UNAVAILABLE, failed.why());
            }
            case UNREACHABLE -> {
                lane.unreachable(origin, failed.why());
                warnings.warn(GatheringWarning.VENDOR_UNAVAILABLE, failed.why());
            }
            // One strange answer says nothing about others: a caller who finds a question that the vendor answers with
            // 500 must not keep everybody else waiting.
            case NOT_FOUND, UNEXPECTED_STATUS, WRONG_BODY -> lane.answered(origin);
        }
        return new Asked.Failed(failed.kind(), failed.why());
    }

    /** No origin had anything to take. */
    private Answer none(Wanted wanted, Optional<Copy> held, Lane lane, List<Asked> without) {
        Optional<Bytes> toJudge = without.stream()
                .flatMap(asked -> asked instanceof Asked.JudgedOnly(Bytes content, String _)
                        ? Stream.of(content)
                        : Stream.empty())
                .findFirst();
        if (toJudge.isPresent() && held.isEmpty()) {
            return rest(wanted, held, new Availability.InHand(toJudge.get()));
        }
        Optional<Lane.Pause> pause = lane.paused(wanted.origins());
        if (pause.isPresent()) {
            return pause(wanted, held, pause.get());
        }
        String why = without.stream().map(Flights::why).distinct().collect(Collectors.joining("; "));
        boolean nowhere = without.size() == wanted.origins().size()
                && without.stream()
                        .allMatch(asked ->
                                asked instanceof Asked.Failed failed && failed.kind() == FetchFailure.NOT_FOUND);
        if (!nowhere) {
            return rest(wanted, held, notFetched(why));
        }
        Answer none = Answer.notInHand(why);
        setbacks.add(wanted.ref(), config.notFoundFor(), none.availability());
        return Answer.heldOr(held, clock.instant(), none);
    }

    private static String why(Asked asked) {
        return switch (asked) {
            case Asked.Kept _ -> "";
            case Asked.JudgedOnly(Bytes _, String why) -> why;
            case Asked.Failed(FetchFailure _, String why) -> why;
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
