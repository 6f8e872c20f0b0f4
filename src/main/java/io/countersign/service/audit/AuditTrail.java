package io.countersign.service.audit;

/** Where decisions are written down before they leave. */
public interface AuditTrail {
    /**
     * Returns when the line is durable. Throws a {@code CountersignException} with {@code audit-unavailable} when that cannot
     * be done in time: then what the entry tells of must not leave.
     */
    void write(Entry entry);

    /** Takes note of what happened anyway: written as soon as that can be done, and waited for by nobody. */
    void note(Entry entry);
}
