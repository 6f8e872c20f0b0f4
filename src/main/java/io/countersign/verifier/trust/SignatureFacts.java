package io.countersign.verifier.trust;

import io.countersign.verifier.bytes.Bytes;
import java.util.Optional;

/**
 * Remembers facts that never change: these exact bytes carry a valid signature by that anchor in that role. Never
 * verdicts: windows, revocation, policy and binding are computed for every request. The core holds no state; the shell
 * hands in a bounded memory.
 */
public interface SignatureFacts {
    /**
     * What a fact is about.
     *
     * @param role what the bytes were verified as, so that no chain is taken for another kind
     * @param content SHA-256 of the exact bytes
     * @param anchor SHA-256 of the certificate whose key verified them
     */
    record Key(String role, Bytes content, Bytes anchor) {}

    /**
     * A fact that says how much memory it takes. White space and the like leave what is signed as it is, so that one signed
     * thing can be sent in any number of spellings, each a fact of its own: their number alone would bound nothing.
     */
    interface Sized {
        int bytes();
    }

    <T> Optional<T> recall(Key key, Class<T> type);

    /** Only what verified is remembered: what anybody may send must not push out what is true. */
    void remember(Key key, Object fact);

    /** Remembers nothing. */
    static SignatureFacts forgetful() {
        return new SignatureFacts() {
            @Override
            public <T> Optional<T> recall(Key key, Class<T> type) {
                return Optional.empty();
            }

            @Override
            public void remember(Key key, Object fact) {}
        };
    }
}
