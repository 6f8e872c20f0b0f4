package io.countersign.service.limits;

/** Learns what met a limit. */
@FunctionalInterface
public interface LimitsObserver {
    void refused(Limit limit);
}
