package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.tee.nvgpu.pki.SignedChain;
import io.countersign.verifier.trust.SignatureFacts;

/** Certificates that lead from a device to the pinned root, and the device that they are of. */
record DeviceChain(SignedChain chain, DeviceIdentity identity) implements SignatureFacts.Sized {
    /** Five certificates, as measured. */
    static final int BYTES = 16 * 1024;

    /** White space in PEM makes any number of spellings of one chain. */
    @Override
    public int bytes() {
        return BYTES;
    }
}
