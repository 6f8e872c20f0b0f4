package io.countersign.service.access;

/** Learns of everybody who was turned away. */
public interface AccessObserver {
    void refused(Refusal why);
}
