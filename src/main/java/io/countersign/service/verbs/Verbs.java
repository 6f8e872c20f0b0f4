package io.countersign.service.verbs;

/** Learns how long each verb takes, and what it took place within. Changes nothing of what is done. */
@FunctionalInterface
public interface Verbs {
    /** Nobody watches. */
    Verbs UNWATCHED = _ -> () -> {};

    /** From now until {@link Step#close}, which the same thread calls, the request is at this verb. */
    Step begin(Verb verb);

    /** This one watches, and the other one within. */
    default Verbs and(Verbs other) {
        return verb -> {
            Step outer = begin(verb);
            Step inner = other.begin(verb);
            return () -> {
                inner.close();
                outer.close();
            };
        };
    }

    /** A verb under way. */
    interface Step extends AutoCloseable {
        @Override
        void close();
    }
}
