package io.countersign.proof;

import java.io.IOException;

/** Software that a relying party verifies tokens with, set up and ready; it lives as long as a service would. */
interface RelyingSoftware extends AutoCloseable {
    /** How it is set up. */
    enum Setup {
        /** The least with which it accepts a good token: the key set, and whatever it cannot do without. */
        LEAST,
        /** As docs/relying-parties.md tells. */
        ADVISED
    }

    /**
     * What a relying party knows.
     *
     * @param policy the one it asks for
     */
    record Terms(Publisher publisher, String audience, String policy) {}

    Verdict judge(String token) throws IOException, InterruptedException;

    /** What its operator has a timer for, where it does not fetch keys by itself. */
    default void refresh() throws IOException, InterruptedException {}

    @Override
    default void close() {}
}
