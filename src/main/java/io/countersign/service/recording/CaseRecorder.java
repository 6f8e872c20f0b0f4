package io.countersign.service.recording;

import io.countersign.cases.CaseWriter;
import io.countersign.service.appraisal.Bystander;
import io.countersign.service.background.BackgroundWork;
import io.countersign.verifier.policy.AppraisalPolicy;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** Records verdicts behind the requests' backs: what does not fit into the queue is dropped and counted. */
public final class CaseRecorder implements Bystander, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(CaseRecorder.class);
    private static final int QUEUE = 256;

    /** Evidence that may wait, in bytes, however few requests it is of. */
    private static final long MOST_WAITING = 32L * 1024 * 1024;

    private final Recordings recordings;
    private final What what;
    private final RecordingObserver observer;
    private final InstantSource clock;
    private final AtomicLong waitingBytes = new AtomicLong();
    private final BackgroundWork work = new BackgroundWork("recording", QUEUE);
    private volatile boolean saidWhyNot;

    /** Which verdicts are recorded; never those of drafts. */
    public enum What {
        ATTESTATIONS,
        ALL
    }

    public CaseRecorder(Recordings recordings, What what, RecordingObserver observer, InstantSource clock) {
        this.recordings = recordings;
        this.what = what;
        this.observer = observer;
        this.clock = clock;
    }

    @Override
    public void judged(Judged judged) {
        boolean wanted = judged.policy().kind() == AppraisalPolicy.Kind.LOADED
                && (what == What.ALL || judged.occasion() == Occasion.ATTESTATION);
        if (!wanted) {
            return;
        }
        long size = judged.size();
        if (waitingBytes.addAndGet(size) > MOST_WAITING
                || work.offer(() -> write(judged, size)) == BackgroundWork.Offer.REFUSED) {
            waitingBytes.addAndGet(-size);
            observer.dropped();
        }
    }

    private void write(Judged judged, long size) {
        try {
            byte[] text = CaseWriter.write(judged.request(), judged.inHand(), judged.result());
            Recordings.Ending ending =
                    judged.occasion() == Occasion.ATTESTATION && judged.result().favourable()
                            ? Recordings.Ending.TOKEN
                            : Recordings.Ending.NO_TOKEN;
            recordings.write(clock.instant(), ending, text);
            observer.written();
            saidWhyNot = false;
        } catch (IOException | RuntimeException e) {
            observer.failed();
            if (!saidWhyNot) {
                saidWhyNot = true;
                LOG.errorf(
                        "a case could not be recorded (%s); said once until one is again, metrics count on",
                        Objects.toString(e.getMessage(), e.getClass().getSimpleName()));
            }
        } finally {
            waitingBytes.addAndGet(-size);
        }
    }

    /** Waits for what is queued, for a moment. */
    @Override
    public void close() {
        work.close();
    }
}
