package io.countersign.service.introspection;

/** Learns of every answer. */
public interface IntrospectionObserver {
    void answered(Introspection answer);
}
