package io.countersign.testkit;

import io.countersign.insecure.DeterministicRandom;
import io.countersign.insecure.NvidiaKey;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.verifier.trust.TrustAnchors;

/** The software NVIDIAs that fixtures and tests share: the same keys every time, known to everybody, worth nothing. */
public final class SoftwareNvidias {
    private static final String SEED = "countersign insecure fixtures 1";
    private static final SoftwareNvidia TRUSTED = made("nvidia");
    private static final SoftwareNvidia FOREIGN = made("foreign-nvidia");

    private SoftwareNvidias() {}

    /** The NVIDIA that the laboratory anchors name. */
    public static SoftwareNvidia trusted() {
        return TRUSTED;
    }

    /** Another NVIDIA with the same names, serials and chips, whose roots nobody trusts. */
    public static SoftwareNvidia foreign() {
        return FOREIGN;
    }

    /** What a verifier trusts that was configured with {@code fixtures/insecure-anchors.pem}: the NVIDIA part of it. */
    public static TrustAnchors anchors() {
        return TrustAnchors.parse(trusted().anchorsPem(), TrustAnchors.Origin.LABORATORY);
    }

    /** A key that belongs to a name and to nobody else. */
    public static NvidiaKey key(String name) {
        return NvidiaKey.from(new DeterministicRandom(SEED + " " + name));
    }

    private static SoftwareNvidia made(String owner) {
        return new SoftwareNvidia(name -> key(owner + "-" + name), SoftwareAmds.AS_OF);
    }
}
