package io.countersign.service.collateral;

import io.countersign.service.verbs.Deadline;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.EndorsementRef;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Gets endorsements into hand: from memory, from the folder or from the vendor, once for all who ask at the same time, and
 * never at the price of a request that hangs. Design, sections 4 and 9.
 */
public final class EndorsementGatherer implements AutoCloseable {
    /** The two queues of one vendor. */
    private record Lanes(Lane known, Lane neverSeen) {}

    private final CollateralConfig config;
    private final List<EndorsementSource> sources;
    private final InstantSource clock;
    private final GatheringObserver observer;
    private final Shelf shelf;
    private final Flights flights;
    private final States states = new States();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<EndorsementSource, Lanes> lanes;

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
        var warnings = new Warnings(clock, observer);
        this.shelf = new Shelf(config, clock, keepingRule, warnings);
        this.flights = new Flights(config, clock, observer, warnings, shelf, states);
        this.lanes = sources.stream()
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(),
                        _ -> new Lanes(new Lane(config, clock, threads), new Lane(config, clock, threads))));
    }

    /**
     * Answers every reference, waiting at most the configured time for all fetches together.
     *
     * @param client who asks (an address or principal), for the budget of machines never seen
     * @param occasion whether the evidence is judged as of now
     * @throws GatheringOverloadedException when a machine's certificate must be fetched and the queue is full; what is in
     *     hand is never refused for that reason
     */
    public Gathered gather(Set<EndorsementRef> wanted, ClientId client, Occasion occasion)
            throws GatheringOverloadedException {
        var steps = new LinkedHashMap<EndorsementRef, Answer.Step>();
        for (EndorsementRef ref : wanted) {
            steps.put(ref, begin(ref, client, occasion));
        }
        long deadline = System.nanoTime() + Deadline.atMost(config.waitAtMost()).toNanos();
        var found = new HashMap<EndorsementRef, Availability>();
        var waits = new ArrayList<Duration>();
        steps.forEach((ref, step) -> {
            Answer answer = step.await(deadline);
            found.put(ref, answer.availability());
            answer.retryAfter().ifPresent(waits::add);
        });
        return new Gathered(found, waits.stream().max(Duration::compareTo));
    }

    private long deadline() {
        return System.nanoTime() + config.waitAtMost().toNanos();
    }

    private Answer.Step begin(EndorsementRef ref, ClientId client, Occasion occasion)
            throws GatheringOverloadedException {
        Optional<EndorsementSource> source = sourceOf(ref);
        if (source.isEmpty()) {
            return new Answer.Step.Now(Answer.notInHand("this service has no source that supplies it"));
        }
        Optional<String> objection = source.get().objection(ref);
        if (objection.isPresent()) {
            return new Answer.Step.Now(Answer.notInHand(objection.get()));
        }
        Optional<EndorsementRef> numbered = source.get().numbered(ref);
        if (numbered.isPresent()) {
            return new Answer.Step.Now(highestNumber(Wanted.of(numbered.get(), source.get()), occasion));
        }
        var wanted = Wanted.of(ref, source.get());
        return config.offline() ? offline(wanted) : online(wanted, client);
    }

    /** From memory only, and no miss: a service that never fetched any has nothing to compare with. */
    private Answer highestNumber(Wanted wanted, Occasion occasion) {
        return switch (occasion) {
            case NOW ->
                shelf.highestNumber(wanted)
                        .map(number -> Answer.inHand(Bytes.utf8(number.toString())))
                        .orElseGet(() -> Answer.notInHand("this service has not fetched any yet"));
            case AS_OF -> Answer.notInHand("what was fetched since does not count for another time");
        };
    }

    private Optional<EndorsementSource> sourceOf(EndorsementRef ref) {
        return sources.stream().filter(source -> source.supports(ref)).findFirst();
    }

    private Answer.Step offline(Wanted wanted) {
        Optional<Bytes> content = shelf.inFolder(wanted);
        count(wanted, content.isPresent());
        return new Answer.Step.Now(content.map(Answer::inHand)
                .orElseGet(() -> Answer.notInHand(
                        "this service works offline, and its folder of endorsements does not hold it (%s)"
                                .formatted(wanted.traits().files().getFirst()))));
    }

    private void count(Wanted wanted, boolean inHand) {
        if (inHand) {
            observer.hit(wanted.kind());
        } else {
            observer.miss(wanted.kind());
        }
    }

    private Answer.Step online(Wanted wanted, ClientId client) throws GatheringOverloadedException {
        Optional<Copy> held = shelf.find(wanted);
        count(wanted, held.isPresent());
        if (held.isPresent()) {
            return withHeld(wanted, held.get());
        }
        return switch (wanted.traits().use()) {
            case SHARED, PER_FAMILY ->
                flights.depart(wanted, held, lanes(wanted).known(), Optional.empty())
                        .step();
            case PER_MACHINE -> {
                var departure = flights.depart(wanted, held, lanes(wanted).neverSeen(), Optional.of(client));
                if (departure.full()) {
                    observer.overloaded(wanted.kind());
                    throw new GatheringOverloadedException(config.waitAtMost());
                }
                yield departure.step();
            }
        };
    }

    private Lanes lanes(Wanted wanted) {
        return lanes(wanted.source());
    }

    private Lanes lanes(EndorsementSource source) {
        return Objects.requireNonNull(lanes.get(source), "every source has its lanes");
    }

    /** What is held is served, and renewed in the background once that is due; a request waits only where it gains. */
    private Answer.Step withHeld(Wanted wanted, Copy held) {
        var now = clock.instant();
        var serve = new Answer.Step.Now(Answer.inHand(held.content()));
        if (!held.due(now)) {
            return serve;
        }
        // While a vendor is down, a copy past its age but within its window is served without waiting at every attempt.
        boolean gains = !held.fresh(now) && (held.over(now) || !flights.failing(wanted.ref()));
        Answer.Step renewal = renew(wanted, held);
        return gains ? renewal : serve;
    }

    private Answer.Step renew(Wanted wanted, Copy held) {
        return flights.depart(wanted, Optional.of(held), lanes(wanted).known(), Optional.empty())
                .step();
    }

    /** For health data and metrics; no machine can be told from it. */
    public List<EndorsementState> states() {
        var held = new ArrayList<States.Held>();
        shelf.held().forEach((ref, copy) -> sourceOf(ref)
                .ifPresent(source -> held.add(new States.Held(source.traits(ref), copy))));
        return states.with(held);
    }

    /** How old what many machines share is, by kind, in the order of their names; for metrics. */
    public List<EndorsementAge> ages() {
        var byKind = new TreeMap<String, List<Copy>>();
        shelf.shared().forEach((ref, copy) -> sourceOf(ref)
                .ifPresent(source -> byKind.computeIfAbsent(source.traits(ref).kind(), _ -> new ArrayList<>())
                        .add(copy)));
        return byKind.entrySet().stream()
                .map(each -> age(each.getKey(), each.getValue()))
                .toList();
    }

    private static EndorsementAge age(String kind, List<Copy> copies) {
        return new EndorsementAge(
                kind,
                copies.stream().map(Copy::fetchedAt).min(Instant::compareTo).orElseThrow(),
                copies.stream()
                        .flatMap(copy -> copy.reading().validUntil().stream())
                        .min(Instant::compareTo));
    }

    /**
     * Renews shared endorsements that are in use, in memory or from an earlier run in the folder, and those of families in
     * memory, before they stop being fresh. Meant to be called every minute or so; waits no longer than a request would.
     */
    public void refreshDue() {
        if (config.offline()) {
            return;
        }
        var renewals = new ArrayList<Answer.Step>();
        for (EndorsementSource source : sources) {
            Stream.concat(source.shared().stream(), families(source))
                    .map(ref -> Wanted.of(ref, source))
                    .forEach(wanted -> shelf.find(wanted)
                            .filter(copy -> copy.due(clock.instant()))
                            .ifPresent(copy -> renewals.add(renew(wanted, copy))));
        }
        long deadline = deadline();
        renewals.forEach(renewal -> renewal.await(deadline));
    }

    private Stream<EndorsementRef> families(EndorsementSource source) {
        return shelf.families().stream().filter(source::supports);
    }

    /** Fetches that each vendor has to answer now, by the vendor's name. */
    public Map<String, IntSupplier> underWay() {
        return sources.stream()
                .collect(Collectors.toUnmodifiableMap(
                        EndorsementSource::vendor,
                        source -> () -> lanes(source).known().running()
                                + lanes(source).neverSeen().running()));
    }

    /** Comes back when every fetch now under way has landed; for tests, which must not sleep. */
    void awaitLanding() {
        flights.awaitLanding();
    }

    /** Fetches under way end without an answer. */
    @Override
    public void close() {
        threads.shutdownNow();
        sources.forEach(EndorsementSource::close);
    }
}
