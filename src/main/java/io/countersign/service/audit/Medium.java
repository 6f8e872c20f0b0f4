package io.countersign.service.audit;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** What lines are written to. Used by one thread. */
public interface Medium extends AutoCloseable {
    /** Where the chain goes on. */
    Head head();

    /**
     * What the first line of a new file says, when the next lines belong in one.
     *
     * @param bytes how many are about to come
     */
    Optional<Map<String, Object>> opening(long bytes);

    /** Appends whole lines and returns when they are durable. After an exception none of them counts, and {@link #mend} comes first. */
    void append(byte[] lines) throws IOException;

    /** Takes back what an append left behind that did not succeed. */
    void mend() throws IOException;

    /** For people. */
    String words();

    @Override
    void close();
}
