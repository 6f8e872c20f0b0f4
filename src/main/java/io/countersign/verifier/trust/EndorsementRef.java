package io.countersign.verifier.trust;

/**
 * Names one endorsement that evidence needs, as data: the shell fetches it and asks again. Implemented by one record per
 * kind in the folder of its TEE; equal references name the same endorsement.
 */
public interface EndorsementRef {
    /** For people: "the VCEK of chip 1a2b… at bootloader 4, tee 0, snp 24, microcode 219". */
    String description();
}
