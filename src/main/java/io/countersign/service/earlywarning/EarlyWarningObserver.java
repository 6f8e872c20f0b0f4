package io.countersign.service.earlywarning;

/** Told what early warning finds, so that somebody can count it. */
public interface EarlyWarningObserver {
    /**
     * What is remembered.
     *
     * @param drivenOut entries that went, or were not taken, for want of room since the start
     */
    void remembered(int entries, long drivenOut);

    /** All remembered platforms were judged. */
    void looked(RoundSummary summary);
}
