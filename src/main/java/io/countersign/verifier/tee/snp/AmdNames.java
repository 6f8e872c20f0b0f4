package io.countersign.verifier.tee.snp;

import java.util.Optional;

/** The common names that AMD gives its certificates. AMD 57230, "VCEK Certificate". */
final class AmdNames {
    private static final String VCEK = "SEV-VCEK";
    private static final String VLEK = "SEV-VLEK";

    private AmdNames() {}

    static String ark(Product product) {
        return "ARK-" + product.kdsName();
    }

    /** The ASK for VCEKs, the ASVK for VLEKs. */
    static String intermediate(Product product, VekKind kind) {
        return switch (kind) {
            case VCEK -> "SEV-" + product.kdsName();
            case VLEK -> "SEV-VLEK-" + product.kdsName();
        };
    }

    static Optional<VekKind> vekKind(String commonName) {
        return switch (commonName) {
            case VCEK -> Optional.of(VekKind.VCEK);
            case VLEK -> Optional.of(VekKind.VLEK);
            default -> Optional.empty();
        };
    }
}
