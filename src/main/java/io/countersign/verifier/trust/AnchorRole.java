package io.countersign.verifier.trust;

import java.util.Optional;
import java.util.stream.Stream;

/** The one thing a pinned certificate may be used for. */
public enum AnchorRole {
    AMD_ARK("amd-ark"),
    AMD_ASK("amd-ask"),
    AMD_ASVK("amd-asvk"),
    INTEL_ROOT("intel-root"),
    /** Issues PCK certificates; used to tell a genuine list of revoked ones before any evidence is at hand. */
    INTEL_PCK_CA("intel-pck-ca"),
    /** Signs TCB info and identities; used where these come without their issuer chain. */
    INTEL_TCB_SIGNING("intel-tcb-signing"),
    NVIDIA_DEVICE_ROOT("nvidia-device-root"),
    NVIDIA_RIM_ROOT("nvidia-rim-root");

    private final String word;

    AnchorRole(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    public static Optional<AnchorRole> of(String word) {
        return Stream.of(values()).filter(role -> role.word.equals(word)).findFirst();
    }
}
