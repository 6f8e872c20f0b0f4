package io.countersign.service.shadow;

import io.countersign.service.appraisal.Bystander;
import io.countersign.service.background.BackgroundWork;
import io.countersign.trial.ShadowTrial;
import io.countersign.verifier.policy.AppraisalPolicy;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** Judges again what was judged, by the policies that stand in the shadow of the one that answered, and only counts. */
public final class Shadows implements Bystander, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Shadows.class);
    private static final int QUEUE = 256;

    /** Evidence that may wait, in bytes, however few requests it is of. */
    private static final long MOST_WAITING = 32L * 1024 * 1024;

    private final Function<String, List<AppraisalPolicy>> shadowsOf;
    private final ShadowObserver observer;
    private final AtomicLong waitingBytes = new AtomicLong();
    private final BackgroundWork work = new BackgroundWork("shadow", QUEUE);

    /**
     * Idle while no policy stands in another's shadow.
     *
     * @param shadowsOf the active shadow policies of the policy with that id
     */
    public Shadows(Function<String, List<AppraisalPolicy>> shadowsOf, ShadowObserver observer) {
        this.shadowsOf = shadowsOf;
        this.observer = observer;
    }

    @Override
    public void judged(Judged judged) {
        if (judged.policy().kind() != AppraisalPolicy.Kind.LOADED) {
            return;
        }
        List<AppraisalPolicy> shadows =
                shadowsOf.apply(judged.policy().identity().id());
        if (shadows.isEmpty()) {
            return;
        }
        long size = judged.size();
        if (waitingBytes.addAndGet(size) > MOST_WAITING
                || work.offer(() -> all(judged, shadows, size)) == BackgroundWork.Offer.REFUSED) {
            waitingBytes.addAndGet(-size);
            observer.dropped();
        }
    }

    private void all(Judged judged, List<AppraisalPolicy> shadows, long size) {
        try {
            all(judged, shadows);
        } finally {
            waitingBytes.addAndGet(-size);
        }
    }

    private void all(Judged judged, List<AppraisalPolicy> shadows) {
        for (AppraisalPolicy shadow : shadows) {
            try {
                one(judged, shadow);
            } catch (RuntimeException e) {
                observer.failed();
                LOG.errorf(
                        e,
                        "the shadow policy %s could not judge",
                        shadow.identity().id());
            }
        }
    }

    private void one(Judged judged, AppraisalPolicy shadow) {
        ShadowTrial.Comparison comparison =
                ShadowTrial.compare(judged.policy(), judged.result(), judged.evidence(), judged.inHand(), shadow);
        String policy = judged.policy().identity().id();
        String name = shadow.identity().id();
        observer.judged(policy, name, comparison.change());
        comparison.rules().forEach((rule, outcome) -> observer.rule(policy, name, rule, outcome));
    }

    @Override
    public void close() {
        work.close();
    }
}
