package io.countersign.verifier.scheme;

import io.countersign.verifier.bytes.Bytes;

/** Well-formed evidence of one device; nothing about it is trusted. */
public interface Evidence {
    /** The decoded bytes that bindings and digests commit to: the report, quote or SPDM exchange as received. */
    Bytes committedBytes();
}
