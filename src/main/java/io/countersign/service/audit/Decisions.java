package io.countersign.service.audit;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Lets a request be decided, and lets what was decided leave only when its line is durable. The boundary: a request that was read
 * is decided, however that ends; one that could not even be read is not.
 */
public final class Decisions {
    /** Nothing is written down. */
    public static final Decisions UNWRITTEN = new Decisions(Optional.empty(), Set.of(), InstantSource.system());

    private final Optional<AuditTrail> trail;
    private final Set<Kind> left;
    private final InstantSource clock;

    private Decisions(Optional<AuditTrail> trail, Set<Kind> left, InstantSource clock) {
        this.trail = trail;
        this.left = Set.copyOf(left);
        this.clock = clock;
    }

    /**
     * Every decision is written down.
     *
     * @param left kinds of which nothing is
     */
    public static Decisions written(AuditTrail trail, Set<Kind> left, InstantSource clock) {
        return new Decisions(Optional.of(trail), left, clock);
    }

    /**
     * Does the work.
     *
     * @param codeOf the problem that an exception of the work becomes for whoever asked
     */
    public <T> T decide(Kind kind, Asked asked, Function<Exception, ProblemCode> codeOf, Work<T> work)
            throws Exception {
        if (trail.isEmpty() || left.contains(kind)) {
            return work.run();
        }
        Docket docket = Docket.kept(trail.get(), kind, asked, clock);
        T answer;
        try {
            answer = ScopedValue.where(Docket.CURRENT, docket).call(work::run);
        } catch (CountersignException e) {
            // What could not be written down once is not told again: the gap is counted.
            if (e.problem().code() != ProblemCode.AUDIT_UNAVAILABLE) {
                docket.end(e.problem().code().code());
            }
            throw e;
        } catch (Exception e) { // whatever becomes a problem document is an answer too
            docket.end(codeOf.apply(e).code());
            throw e;
        }
        docket.end("ok");
        return answer;
    }

    /** Comes to a decision. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws Exception;
    }
}
