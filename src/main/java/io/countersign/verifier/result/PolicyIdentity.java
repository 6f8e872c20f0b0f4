package io.countersign.verifier.result;

import io.countersign.verifier.bytes.Bytes;

/**
 * Which policy judged, exactly.
 *
 * @param digest SHA-256 of its canonical form together with everything it draws in
 */
public record PolicyIdentity(String id, String version, Bytes digest) {
    /** {@code sha256:} and 64 hex digits, as requests, results and tokens write it. */
    public String digestText() {
        return "sha256:" + digest;
    }
}
