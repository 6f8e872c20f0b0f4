package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.tee.nvgpu.pki.SignedChain;

/** Certificates that lead from a device to the pinned root, and the device that they are of. */
record DeviceChain(SignedChain chain, DeviceIdentity identity) {}
