package io.countersign.verifier.tee.nvgpu.rim;

import io.countersign.verifier.tee.nvgpu.pki.SignedChain;

/** A manifest with the chain whose leaf signed it. Windows and revocation of the chain are judged for every request. */
public record SignedRim(ReferenceManifest manifest, SignedChain chain) {}
