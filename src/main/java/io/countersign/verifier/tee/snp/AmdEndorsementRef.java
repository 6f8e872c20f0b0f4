package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.EndorsementRef;

/** The endorsements that AMD's Key Distribution Service gives out. AMD 57230, section 4. */
public sealed interface AmdEndorsementRef extends EndorsementRef {
    Product product();

    /**
     * The certificate of the key that a chip derives at one TCB, in DER.
     *
     * @param hardwareId 64 bytes, 8 on Turin
     * @param tcb with the layout of the product
     */
    record Vcek(Product product, Bytes hardwareId, SnpTcb tcb) implements AmdEndorsementRef {
        @Override
        public String description() {
            return "the VCEK of %s chip %s… at %s".formatted(product.kdsName(), hardwareId.slice(0, 8), tcb.text());
        }
    }

    /** The intermediate (ASK or ASVK) and the ARK of a chain, in PEM; wanted only where no pinned one fits. */
    record Chain(Product product, VekKind kind) implements AmdEndorsementRef {
        @Override
        public String description() {
            return "the %s %s certificate chain".formatted(product.kdsName(), kind.word());
        }
    }

    /** The ARK's revocation list for a chain, in DER. */
    record Crl(Product product, VekKind kind) implements AmdEndorsementRef {
        @Override
        public String description() {
            return "AMD's %s revocation list for %s"
                    .formatted(kind.word().toUpperCase(java.util.Locale.ROOT), product.kdsName());
        }
    }
}
