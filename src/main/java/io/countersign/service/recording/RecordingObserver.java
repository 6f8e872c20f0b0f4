package io.countersign.service.recording;

/** Counts what recording does. */
public interface RecordingObserver {
    void written();

    /** The queue was full. */
    void dropped();

    /** The folder could not be written. */
    void failed();
}
