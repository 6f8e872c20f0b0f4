package io.countersign.service.audit;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.Problem;
import io.countersign.service.api.problem.ProblemCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/**
 * Chains lines and makes them durable. One thread writes; whoever waits for a line waits for the one fdatasync that all who came
 * meanwhile share. When that fails, everybody is refused at once until it succeeds again, which is tried every second.
 */
public final class Journal implements AuditTrail, AutoCloseable {
    private static final Logger LOG = Logger.getLogger("io.countersign");
    private static final int BATCH = 512;

    /** What a line is longer by than its middle, roughly. */
    private static final int PLACE = 200;

    /** Events that wait while nothing can be written; policies and keys do not change that often. */
    private static final int MOST_EVENTS = 10_000;

    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final Duration AT_END = Duration.ofSeconds(5);

    private final Medium medium;
    private final Duration waitAtMost;
    private final InstantSource clock;
    private final JournalObserver observer;
    private final BlockingQueue<Slip> decisions;
    private final BlockingQueue<Slip> events = new ArrayBlockingQueue<>(MOST_EVENTS);
    private final Unwritten unwritten = new Unwritten();
    private final AtomicReference<Head> head;
    private final AtomicReference<Optional<String>> trouble = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<Long>> writingSince = new AtomicReference<>(Optional.empty());
    private final Thread writer;
    private volatile boolean closing;

    /** Begins to write. {@code queue} is how many decisions may wait, and {@code waitAtMost} how long each may. */
    public Journal(Medium medium, int queue, Duration waitAtMost, InstantSource clock, JournalObserver observer) {
        this.medium = medium;
        this.waitAtMost = waitAtMost;
        this.clock = clock;
        this.observer = observer;
        this.decisions = new ArrayBlockingQueue<>(queue);
        this.head = new AtomicReference<>(medium.head());
        this.writer = Thread.ofPlatform().name("countersign-audit").daemon().unstarted(this::run);
        writer.start();
    }

    @Override
    public void write(Entry entry) {
        Optional<String> why = closing ? Optional.of("the service stops") : trouble();
        if (why.isPresent()) {
            throw refused(why.get());
        }
        var slip = new Slip(LineFormat.middle(entry), Slip.Purpose.DECISION);
        if (!decisions.offer(slip)) {
            throw refused("as many decisions wait for the log as may");
        }
        if (!slip.isDurableWithin(waitAtMost)) {
            throw refused(trouble().orElse("it took longer than " + waitAtMost));
        }
    }

    @Override
    public void note(Entry entry) {
        if (!events.offer(new Slip(LineFormat.middle(entry), Slip.Purpose.EVENT))) {
            LOG.errorf("audit: too many events wait to be written, so this one never will: %s", entry);
        }
    }

    private CountersignException refused(String why) {
        unwritten.add(new Unwritten.Count(1, clock.instant(), why));
        observer.failed();
        return new CountersignException(Problem.of(
                        ProblemCode.AUDIT_UNAVAILABLE,
                        "The audit log cannot be written.",
                        "Try again after the time in Retry-After; the challenge was not spent. The operator's log says why.")
                .retryAfter(RETRY_AFTER));
    }

    /** The last durable line. */
    public Head head() {
        return head.get();
    }

    /** Why decisions are refused now. */
    public Optional<String> trouble() {
        return trouble.get().or(() -> writingSince
                .get()
                .filter(since -> System.nanoTime() - since > waitAtMost.toNanos())
                .map(_ -> "writing to %s takes longer than %s".formatted(medium.words(), waitAtMost)));
    }

    /** Where the log is, for people. */
    public String words() {
        return medium.words();
    }

    private void run() {
        try {
            while (!closing
                    || !decisions.isEmpty()
                    || !events.isEmpty() && trouble.get().isEmpty()) {
                step();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) { // nobody may wait for ever, and nothing may leave unwritten
            trouble.set(Optional.of("a mistake of this program ended the writing; restart it"));
            LOG.error("audit: a mistake of our own ended the writing, so no decision leaves any more", e);
        }
        refuse(waiting(new ArrayList<>()));
    }

    /** The next lines, or a try to get going again. */
    private void step() throws InterruptedException {
        boolean down = trouble.get().isPresent();
        var slips = new ArrayList<Slip>();
        Slip first = down || events.isEmpty() ? decisions.poll(patience(down), TimeUnit.MILLISECONDS) : null;
        if (first != null) {
            slips.add(first);
        }
        if (down) {
            refuse(waiting(slips));
            if (closing || !mended()) {
                return;
            }
            slips.clear();
        } else {
            waiting(slips);
        }
        slips.removeIf(slip -> !slip.take());
        var happened = new ArrayList<Slip>();
        events.drainTo(happened, BATCH);
        happened.forEach(Slip::take);
        if (down || !slips.isEmpty() || !happened.isEmpty()) {
            write(slips, happened, down);
        }
    }

    private long patience(boolean down) {
        if (closing) {
            return 0;
        }
        // Events wait for a decision or for this: nobody waits for them.
        return down ? BETWEEN_TRIES.toMillis() : 100;
    }

    private List<Slip> waiting(List<Slip> slips) {
        decisions.drainTo(slips, BATCH);
        return slips;
    }

    private static void refuse(List<Slip> slips) {
        slips.forEach(Slip::refuse);
    }

    private boolean mended() {
        try {
            medium.mend();
            return true;
        } catch (IOException e) {
            trouble.set(Optional.of(why(e)));
            return false;
        }
    }

    private void write(List<Slip> decided, List<Slip> happened, boolean wasDown) {
        Optional<Unwritten.Count> gap = unwritten.take();
        if (wasDown && gap.isEmpty()) {
            gap = Optional.of(
                    new Unwritten.Count(0, clock.instant(), trouble.get().orElse("")));
        }
        var slips = new ArrayList<Slip>(decided.size() + happened.size() + 1);
        gap.ifPresent(count -> slips.add(event(Kind.GAP, count.members())));
        slips.addAll(happened);
        slips.addAll(decided);
        long began = System.nanoTime();
        writingSince.set(Optional.of(began));
        try {
            var lines = new Lines(slips);
            medium.append(lines.bytes.toByteArray());
            head.set(lines.head);
            if (trouble.getAndSet(Optional.empty()).isPresent()) {
                LOG.infof("audit: %s can be written again, from line %d on", medium.words(), lines.head.seq());
            }
            observer.written(lines.count, Duration.ofNanos(System.nanoTime() - began));
            tell(slips, lines);
        } catch (IOException e) {
            if (trouble.getAndSet(Optional.of(why(e))).isEmpty()) {
                LOG.errorf(
                        "audit: %s cannot be written (%s). No decision leaves until it can: attestations are answered 503.",
                        medium.words(), why(e));
            }
            refuse(decided);
            gap.filter(count -> count.decisions() > 0).ifPresent(unwritten::add);
            happened.forEach(slip -> {
                if (!events.offer(slip)) {
                    LOG.error("audit: too many events wait to be written, so one never will");
                }
            });
        } finally {
            writingSince.set(Optional.empty());
        }
    }

    /** Whoever waited too long was refused before the line was there: then a further line says so. */
    private void tell(List<Slip> slips, Lines lines) {
        long seq = lines.head.seq() - slips.size();
        for (Slip slip : slips) {
            seq++;
            if (slip.written() == Slip.Fate.CAME_TOO_LATE && !slip.isEvent()) {
                note(new Entry(clock.instant(), Kind.WITHHELD, Map.of("of", seq)));
            }
        }
    }

    private Slip event(Kind kind, Map<String, Object> members) {
        var slip = new Slip(LineFormat.middle(new Entry(clock.instant(), kind, members)), Slip.Purpose.EVENT);
        slip.take();
        return slip;
    }

    /** Lines one after the other, each with its place in the chain. */
    private final class Lines {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private Head head = Journal.this.head.get();
        private int count;

        Lines(List<Slip> slips) {
            long size = slips.stream()
                    .mapToLong(slip -> slip.middle().length + PLACE)
                    .sum();
            medium.opening(size)
                    .ifPresent(members -> add(LineFormat.middle(new Entry(clock.instant(), Kind.FILE, members))));
            slips.forEach(slip -> add(slip.middle()));
        }

        private void add(byte[] middle) {
            LineFormat.Chained line = LineFormat.after(head, middle);
            bytes.writeBytes(line.bytes());
            head = line.head();
            count++;
        }
    }

    private static String why(IOException e) {
        return Objects.toString(e.getMessage(), e.getClass().getSimpleName());
    }

    /** Takes no more decisions, and waits a moment for what is on its way. */
    @Override
    public void close() {
        closing = true;
        try {
            writer.join(AT_END);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (writer.isAlive()) {
            LOG.errorf(
                    "audit: %s takes too long to write at the end; what nobody was told of may be missing",
                    medium.words());
        } else {
            medium.close();
        }
    }
}
