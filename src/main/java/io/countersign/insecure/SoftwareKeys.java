package io.countersign.insecure;

import io.countersign.verifier.tee.snp.VekKind;
import java.security.SecureRandom;

/** The keys of one software AMD, for one product line. */
public record SoftwareKeys(RsaKey ark, RsaKey ask, RsaKey asvk, ReportKey vcek, ReportKey vlek) {
    /** Keys that live in memory only. */
    public static SoftwareKeys fresh(SecureRandom random) {
        return new SoftwareKeys(
                RsaKey.fresh(random),
                RsaKey.fresh(random),
                RsaKey.fresh(random),
                ReportKey.from(random),
                ReportKey.from(random));
    }

    RsaKey issuerOf(VekKind kind) {
        return switch (kind) {
            case VCEK -> ask;
            case VLEK -> asvk;
        };
    }

    ReportKey signing(VekKind kind) {
        return switch (kind) {
            case VCEK -> vcek;
            case VLEK -> vlek;
        };
    }
}
