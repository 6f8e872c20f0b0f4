package io.countersign.verifier.tee.snp;

import java.util.Optional;
import java.util.stream.Stream;

/** A product line as AMD's Key Distribution Service names it; each has its own ARK. AMD 57230, section 1.3. */
public enum Product {
    MILAN("Milan", 64),
    /** Also Bergamo and Siena, which have Genoa's chain and TCB layout. */
    GENOA("Genoa", 64),
    TURIN("Turin", 8);

    private final String kdsName;
    private final int hardwareIdLength;

    Product(String kdsName, int hardwareIdLength) {
        this.kdsName = kdsName;
        this.hardwareIdLength = hardwareIdLength;
    }

    public String kdsName() {
        return kdsName;
    }

    /** Bytes of the hwID extension and of the significant head of CHIP_ID. */
    public int hardwareIdLength() {
        return hardwareIdLength;
    }

    public static Optional<Product> named(String kdsName) {
        return Stream.of(values())
                .filter(product -> product.kdsName.equals(kdsName))
                .findFirst();
    }
}
