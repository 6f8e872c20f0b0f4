package io.countersign.trial;

import io.countersign.cases.Case;
import io.countersign.cases.CaseException;
import io.countersign.cases.CaseReader;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyTrial.TrialVerdict;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Judges recorded cases by two policies, as of when each was recorded and with what was in hand then, and counts what differs.
 * Cases are read when their turn comes, so memory does not grow with their number.
 */
public final class Replay {
    /** Cases waiting for each that is judged. */
    private static final int AHEAD = 4;

    private final CaseReader reader;
    private final AppraisalPolicy before;
    private final AppraisalPolicy after;
    private final ReplayBounds bounds;
    private final boolean sameTolerances;
    private final ReplayTally tally;

    private Replay(CaseReader reader, AppraisalPolicy before, AppraisalPolicy after, ReplayBounds bounds) {
        this.reader = reader;
        this.before = before;
        this.after = after;
        this.bounds = bounds;
        this.sameTolerances = Authenticating.tolerateTheSame(before, after);
        this.tally = new ReplayTally(before, after, bounds.examples());
    }

    /**
     * What changes for these cases from one policy to the other.
     *
     * @param reader with the schemes that judge; one memory of signatures for all cases makes it quick
     */
    public static ReplayReport run(
            Stream<? extends CaseFile> cases,
            CaseReader reader,
            AppraisalPolicy before,
            AppraisalPolicy after,
            ReplayBounds bounds)
            throws InterruptedException {
        var replay = new Replay(reader, before, after, bounds);
        replay.all(cases.iterator());
        return replay.tally.report();
    }

    /** The devices of one case are judged side by side in the same pool. */
    private void all(Iterator<? extends CaseFile> cases) throws InterruptedException {
        var places = new Semaphore(bounds.parallel() * AHEAD);
        try (var pool = new ForkJoinPool(bounds.parallel())) {
            while (cases.hasNext()) {
                CaseFile file = cases.next();
                places.acquire();
                pool.execute(() -> {
                    try {
                        one(file);
                    } finally {
                        places.release();
                    }
                });
            }
            pool.shutdown();
            pool.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        }
    }

    private void one(CaseFile file) {
        try {
            byte[] text = file.read(bounds.maxBytes());
            if (text.length > bounds.maxBytes()) {
                throw new CaseException("it has more than %d bytes".formatted(bounds.maxBytes()));
            }
            Case read = reader.read(file.name(), text);
            if (bounds.scope() == ReplayBounds.Scope.OF_THE_POLICY
                    && !read.policy()
                            .equals(java.util.Optional.of(before.identity().id()))) {
                tally.ofAnotherPolicy();
                return;
            }
            judge(read);
        } catch (CaseException e) {
            tally.unreadable(file.name(), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            tally.unreadable(
                    file.name(), "it cannot be read (%s)".formatted(e.getClass().getSimpleName()));
        } catch (RuntimeException | StackOverflowError e) {
            // Ours to repair, and no reason to stop with the cases beside it.
            tally.unreadable(
                    file.name(),
                    "judging it ended in an error of this program (%s); please report it with the case"
                            .formatted(e.getClass().getSimpleName()));
        }
    }

    private void judge(Case read) {
        Map<String, Authentication> byLabel = Authenticating.of(read, before.tolerances(), read.at());
        TrialVerdict then = Authenticating.verdict(before, read, byLabel);
        TrialVerdict now = Authenticating.verdict(
                after, read, sameTolerances ? byLabel : Authenticating.of(read, after.tolerances(), read.at()));
        tally.judged(read, then, now);
    }
}
