package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.EndorsementRef;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Gets endorsements into hand: from memory, from the folder or from the vendor, once for all who ask at the same time, and
 * never at the price of a request that hangs. Design, sections 4 and 9.
 */
public final class EndorsementGatherer implements AutoCloseable {
    /** One endorsement's answer, and how long to wait before asking again where that helps. */
    private record Answer(Availability availability, Optional<Duration> retryAfter) {
        static Answer inHand(Bytes content) {
            return new Answer(new Availability.InHand(content), Optional.empty());
        }

        static Answer notInHand(String why) {
            return new Answer(new Availability.Missing(why, Outcome.Cause.NOT_IN_HAND), Optional.empty());
        }

        static Answer notFetched(String why, Duration retryAfter) {
            return new Answer(new Availability.Missing(why, Outcome.Cause.NOT_FETCHED), Optional.of(retryAfter));
        }
    }

    /** Known now, or once a fetch has landed; {@code otherwise} when waiting for that takes too long. */
    private sealed interface Step {
        record Now(Answer answer) implements Step {}

        record Later(CompletableFuture<Answer> flight, Answer otherwise) implements Step {}
    }

    /** The two queues of one vendor. */
    private record Lanes(Lane known, Lane neverSeen) {}

    private final CollateralConfig config;
    private final List<EndorsementSource> sources;
    private final InstantSource clock;
    private final GatheringObserver observer;
    private final Warnings warnings;
    private final Shelf shelf;
    private final Setbacks setbacks;
    private final ClientBudget budget;
    private final States states;
    private final Map<EndorsementSource, Lanes> lanes;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<EndorsementRef, CompletableFuture<Answer>> flights = new HashMap<>();

    public EndorsementGatherer(
            CollateralConfig config, List<EndorsementSource> sources, InstantSource clock, GatheringObserver observer) {
        this(config, sources, clock, observer, KeepingRule.keepWhatFits());
    }

    public EndorsementGatherer(
            CollateralConfig config,
            List<EndorsementSource> sources,
            InstantSource clock,
            GatheringObserver observer,
            KeepingRule keepingRule) {
        this.config = config;
        this.sources = List.copyOf(sources);
        this.clock = clock;
        this.observer = observer;
        this.warnings = new Warnings(clock, observer);
        this.shelf = new Shelf(config, clock, keepingRule, warnings);
        this.setbacks = new Setbacks(clock, config.rememberedChips());
        this.budget = new ClientBudget(config.budget(), config.trackedClients(), clock);
        this.states = new States();
        this.lanes = sources.stream()
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(),
                        _ -> new Lanes(new Lane(config, clock, threads), new Lane(config, clock, threads))));
    }

    /**
     * Answers every reference, waiting at most the configured time for all fetches together.
     *
     * @param client who asks (an address or principal), for the budget of machines never seen
     * @throws GatheringOverloadedException when something must be fetched and the queue is full; what is in hand is
     *     never refused for that reason
     */
    public Gathered gather(Set<EndorsementRef> wanted, ClientId client) throws GatheringOverloadedException {
        var steps = new LinkedHashMap<EndorsementRef, Step>();
        for (EndorsementRef ref : wanted) {
            steps.put(ref, begin(ref, client));
        }
        long deadline = System.nanoTime() + config.waitAtMost().toNanos();
        var found = new HashMap<EndorsementRef, Availability>();
        var waits = new ArrayList<Duration>();
        steps.forEach((ref, step) -> {
            Answer answer = answer(step, deadline);
            found.put(ref, answer.availability());
            answer.retryAfter().ifPresent(waits::add);
        });
        return new Gathered(found, waits.stream().max(Duration::compareTo));
    }

    private Step begin(EndorsementRef ref, ClientId client) throws GatheringOverloadedException {
        Optional<EndorsementSource> supporting =
                sources.stream().filter(source -> source.supports(ref)).findFirst();
        if (supporting.isEmpty()) {
            return new Step.Now(Answer.notInHand("this service has no source that supplies it"));
        }
        EndorsementSource source = supporting.get();
        Optional<String> objection = source.objection(ref);
        if (objection.isPresent()) {
            return new Step.Now(Answer.notInHand(objection.get()));
        }
        var request = new Request(ref, source, source.traits(ref), laneOf(source));
        return config.offline() ? offline(request) : online(request, client);
    }

    private Lanes laneOf(EndorsementSource source) {
        return Objects.requireNonNull(lanes.get(source), "every source has its lanes");
    }

    /** One reference and everything that belongs to it. */
    private record Request(EndorsementRef ref, EndorsementSource source, EndorsementTraits traits, Lanes lanes) {}

    private Step offline(Request request) {
        Optional<Bytes> content = shelf.inFolder(request.ref(), request.source());
        count(request, content.isPresent());
        return new Step.Now(content.map(Answer::inHand)
                .orElseGet(() -> Answer.notInHand(
                        "this service works offline, and its folder of endorsements does not hold it")));
    }

    private void count(Request request, boolean inHand) {
        if (inHand) {
            observer.hit(request.traits().kind());
        } else {
            observer.miss(request.traits().kind());
        }
    }

    private Step online(Request request, ClientId client) throws GatheringOverloadedException {
        Optional<Copy> held = shelf.find(request.ref(), request.source());
        count(request, held.isPresent());
        if (held.isPresent()) {
            return withHeld(request, held.get());
        }
        return switch (request.traits().use()) {
            case SHARED ->
                depart(request, held, request.lanes().known(), Optional.empty()).step();
            case PER_MACHINE -> {
                var departure = depart(request, held, request.lanes().neverSeen(), Optional.of(client));
                if (departure.full()) {
                    observer.overloaded(request.traits().kind());
                    throw new GatheringOverloadedException(config.waitAtMost());
                }
                yield departure.step();
            }
        };
    }

    /** What is held is served, and renewed in the background once that is due; a request waits only where it gains. */
    private Step withHeld(Request request, Copy held) {
        var now = clock.instant();
        var serve = new Step.Now(Answer.inHand(held.content()));
        if (!held.due(now)) {
            return serve;
        }
        // While a vendor is down, a copy past its age but within its window is served without waiting at every attempt.
        boolean gains = !held.fresh(now) && (held.over(now) || !setbacks.failing(request.ref()));
        Step renewal = depart(request, Optional.of(held), request.lanes().known(), Optional.empty())
                .step();
        return gains ? renewal : serve;
    }

    private record Departure(Step step, boolean full) {}

    /** Joins the fetch that is under way, or starts one unless something speaks against it. */
    private Departure depart(Request request, Optional<Copy> held, Lane lane, Optional<ClientId> payer) {
        CompletableFuture<Answer> flight;
        synchronized (flights) {
            var underWay = flights.get(request.ref());
            if (underWay != null) {
                return new Departure(new Step.Later(underWay, tooLate(held)), false);
            }
            Optional<Answer> known = landedMeanwhile(request, held).or(() -> standing(request, held, lane));
            if (known.isPresent()) {
                return new Departure(new Step.Now(known.get()), false);
            }
            if (!lane.admit()) {
                return new Departure(new Step.Now(tooLate(held)), true);
            }
            Optional<Duration> overBudget = payer.flatMap(budget::take);
            if (overBudget.isPresent()) {
                lane.leave();
                observer.throttled(request.traits().kind());
                return new Departure(
                        new Step.Now(Answer.notFetched(
                                "this client has used up its budget of machines never seen here before",
                                overBudget.get())),
                        false);
            }
            flight = new CompletableFuture<>();
            flights.put(request.ref(), flight);
        }
        try {
            lane.run(() -> fly(request, held, lane, flight));
        } catch (RejectedExecutionException _) {
            lane.leave();
            land(request, flight, orHeld(held, Answer.notFetched("the service is stopping", config.waitAtMost())));
        }
        return new Departure(new Step.Later(flight, tooLate(held)), false);
    }

    /** Another request's fetch may have ended between our looking and our leaving. */
    private Optional<Answer> landedMeanwhile(Request request, Optional<Copy> held) {
        return shelf.inMemory(request.ref(), request.traits())
                .filter(copy -> !held.equals(Optional.of(copy)))
                .map(copy -> Answer.inHand(copy.content()));
    }

    /** What speaks against asking the vendor now, said as the answer. */
    private Optional<Answer> standing(Request request, Optional<Copy> held, Lane lane) {
        var now = clock.instant();
        Optional<Answer> setback = setbacks.standing(request.ref())
                .map(standing -> new Answer(standing.answer(), retryAfter(standing.answer(), standing.left(now))));
        return setback.or(() -> lane.paused()
                        .map(pause ->
                                Answer.notFetched(pause.why(), pause.left(now).orElse(Duration.ZERO))))
                .map(answer -> orHeld(held, answer));
    }

    private static Optional<Duration> retryAfter(Availability answer, Optional<Duration> left) {
        boolean helps = answer instanceof Availability.Missing missing && missing.cause() == Outcome.Cause.NOT_FETCHED;
        return helps ? left : Optional.empty();
    }

    private Answer tooLate(Optional<Copy> held) {
        return orHeld(
                held,
                Answer.notFetched(
                        "it did not arrive within %d seconds and is still being fetched"
                                .formatted(Math.max(1, config.waitAtMost().toSeconds())),
                        config.waitAtMost()));
    }

    private static Answer orHeld(Optional<Copy> held, Answer otherwise) {
        return held.map(copy -> Answer.inHand(copy.content())).orElse(otherwise);
    }

    private void fly(Request request, Optional<Copy> held, Lane lane, CompletableFuture<Answer> flight) {
        Answer answer = orHeld(held, Answer.notFetched("the service failed while fetching it", config.waitAtMost()));
        try {
            // The vendor may have asked for silence while this one waited for its turn.
            Optional<Answer> paused = standing(request, held, lane);
            answer = paused.isPresent() ? paused.get() : fetch(request, held, lane);
        } catch (RuntimeException bug) {
            warnings.ourBug(bug);
        } finally {
            land(request, flight, answer);
        }
    }

    private void land(Request request, CompletableFuture<Answer> flight, Answer answer) {
        synchronized (flights) {
            flights.remove(request.ref());
        }
        flight.complete(answer);
    }

    private Answer fetch(Request request, Optional<Copy> held, Lane lane) {
        long start = System.nanoTime();
        return switch (request.source().fetch(request.ref())) {
            case Fetched.Failed failed -> failed(request, held, lane, failed);
            case Fetched.Received(Bytes content) -> {
                lane.answered();
                yield switch (shelf.take(request.ref(), request.source(), content)) {
                    case Shelf.Taken.Kept(Copy copy) -> {
                        observer.fetched(request.traits().kind(), Duration.ofNanos(System.nanoTime() - start));
                        yield kept(request, copy);
                    }
                    case Shelf.Taken.JudgedOnly(Bytes judged, String why) -> {
                        noteFailure(request, FetchFailure.WRONG_BODY, why);
                        yield rest(request, held, new Availability.InHand(judged));
                    }
                    case Shelf.Taken.Declined(String why) ->
                        failed(
                                request,
                                held,
                                lane,
                                new Fetched.Failed(
                                        FetchFailure.WRONG_BODY, "what was fetched is not what was asked for: " + why));
                };
            }
        };
    }

    private Answer kept(Request request, Copy copy) {
        setbacks.forget(request.ref());
        if (copy.due(clock.instant())) {
            // The vendor itself has nothing newer: asking at every request would not change that.
            setbacks.add(request.ref(), config.failing().longest(), new Availability.InHand(copy.content()));
        }
        return Answer.inHand(copy.content());
    }

    private Answer rest(Request request, Optional<Copy> held, Availability answer) {
        Duration wait = config.failing().after(setbacks.failures(request.ref()) + 1);
        setbacks.add(request.ref(), wait, answer);
        return orHeld(held, new Answer(answer, retryAfter(answer, Optional.of(wait))));
    }

    private Answer failed(Request request, Optional<Copy> held, Lane lane, Fetched.Failed failed) {
        noteFailure(request, failed.kind(), failed.why());
        var missing = new Availability.Missing(
                failed.why(),
                failed.kind() == FetchFailure.NOT_FOUND ? Outcome.Cause.NOT_IN_HAND : Outcome.Cause.NOT_FETCHED);
        return switch (failed.kind()) {
            case THROTTLED -> pause(request, held, lane.throttled(failed.why(), failed.retryAfter()), missing);
            case UNREACHABLE -> pause(request, held, lane.unreachable(failed.why()), missing);
            case NOT_FOUND -> {
                lane.answered();
                setbacks.add(request.ref(), config.notFoundFor(), missing);
                yield orHeld(held, new Answer(missing, Optional.empty()));
            }
            // One strange answer says nothing about others: a caller who finds a question that the vendor answers with
            // 500 must not keep everybody else waiting.
            case UNEXPECTED_STATUS, WRONG_BODY -> {
                lane.answered();
                yield rest(request, held, missing);
            }
        };
    }

    private Answer pause(Request request, Optional<Copy> held, Lane.Pause pause, Availability.Missing missing) {
        warnings.warn(GatheringWarning.VENDOR_UNAVAILABLE, missing.why());
        Duration left = pause.left(clock.instant()).orElse(Duration.ZERO);
        setbacks.add(request.ref(), left, missing);
        return orHeld(held, new Answer(missing, Optional.of(left)));
    }

    private void noteFailure(Request request, FetchFailure kind, String why) {
        observer.failed(request.traits().kind(), kind);
        boolean madeUp = kind == FetchFailure.NOT_FOUND && request.traits().use() == EndorsementTraits.Use.PER_MACHINE;
        if (!madeUp) {
            states.failed(request.traits(), new EndorsementState.Failure(clock.instant(), why));
        }
    }

    private static Answer answer(Step step, long deadline) {
        return switch (step) {
            case Step.Now(Answer answer) -> answer;
            case Step.Later(CompletableFuture<Answer> flight, Answer otherwise) -> {
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

    /** For health data and metrics; no machine can be told from it. */
    public List<EndorsementState> states() {
        var held = new HashMap<EndorsementTraits, Copy>();
        shelf.held().forEach((ref, copy) -> sources.stream()
                .filter(source -> source.supports(ref))
                .findFirst()
                .ifPresent(source -> held.put(source.traits(ref), copy)));
        return states.with(held);
    }

    /**
     * Renews shared endorsements that are in use, in memory or from an earlier run in the folder, before they stop being
     * fresh. Meant to be called every minute or so; waits no longer than a request would.
     */
    public void refreshDue() {
        if (config.offline()) {
            return;
        }
        var renewals = new ArrayList<Step>();
        for (EndorsementSource source : sources) {
            for (EndorsementRef ref : source.shared()) {
                var request = new Request(ref, source, source.traits(ref), laneOf(source));
                shelf.find(ref, source)
                        .filter(copy -> copy.due(clock.instant()))
                        .ifPresent(copy -> renewals.add(depart(
                                        request,
                                        Optional.of(copy),
                                        request.lanes().known(),
                                        Optional.empty())
                                .step()));
            }
        }
        long deadline = System.nanoTime() + config.waitAtMost().toNanos();
        renewals.forEach(renewal -> answer(renewal, deadline));
    }

    /** Comes back when every fetch now under way has landed; for tests, which must not sleep. */
    void awaitLanding() {
        List<CompletableFuture<Answer>> underWay;
        synchronized (flights) {
            underWay = List.copyOf(flights.values());
        }
        underWay.forEach(CompletableFuture::join);
    }

    /** Fetches under way end without an answer. */
    @Override
    public void close() {
        threads.shutdownNow();
        sources.forEach(EndorsementSource::close);
    }
}
