package io.countersign.service.audit;

import java.time.Duration;

/** Learns how the log fares. */
public interface JournalObserver {
    /** Lines were made durable in one go. */
    void written(int lines, Duration took);

    /** A decision could not be written down, and did not leave. */
    void failed();

    /** Nobody listens. */
    JournalObserver NONE = new JournalObserver() {
        @Override
        public void written(int lines, Duration took) {}

        @Override
        public void failed() {}
    };
}
