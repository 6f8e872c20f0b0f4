package io.countersign.testkit;

import io.countersign.insecure.DeterministicRandom;
import io.countersign.insecure.IntelKeys;
import io.countersign.insecure.P256Key;
import io.countersign.insecure.SoftwareIntel;
import io.countersign.verifier.trust.TrustAnchors;
import java.util.function.Supplier;

/** The software Intels that fixtures and tests share: the same keys every time, known to everybody, worth nothing. */
public final class SoftwareIntels {
    private static final String SEED = "countersign insecure fixtures 1";
    private static final Supplier<SoftwareIntel> TRUSTED = remembered("intel");
    private static final Supplier<SoftwareIntel> FOREIGN = remembered("foreign-intel");

    private SoftwareIntels() {}

    /** The Intel that the laboratory anchors name. */
    public static SoftwareIntel trusted() {
        return TRUSTED.get();
    }

    /** Another Intel with the same names and serials, whose root nobody trusts. */
    public static SoftwareIntel foreign() {
        return FOREIGN.get();
    }

    /** What a verifier trusts that was configured with {@code fixtures/insecure-anchors.pem}: the Intel part of it. */
    public static TrustAnchors anchors() {
        return TrustAnchors.parse(trusted().anchorsPem(), TrustAnchors.Origin.LABORATORY);
    }

    /** A key that belongs to a name and to nobody else. */
    public static P256Key key(String name) {
        return P256Key.from(new DeterministicRandom(SEED + " " + name));
    }

    private static Supplier<SoftwareIntel> remembered(String owner) {
        var made = new SoftwareIntel(IntelKeys.from(name -> key(owner + "-" + name)), SoftwareAmds.AS_OF);
        return () -> made;
    }
}
