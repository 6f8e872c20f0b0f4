package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.SnpTcb;

/** What an up-to-date machine of each product line reports, as seen on real machines in 2026. */
record ProductDefaults(
        int version,
        int family,
        int model,
        int stepping,
        SnpTcb tcb,
        int firmwareBuild,
        long platformInfo,
        long mitigations,
        Bytes chipId) {
    /** The launch digest of an image that does not exist. */
    static final Bytes MEASUREMENT = Bytes.utf8("countersign laboratory image").sha384();

    private static final int CHIP_ID_LENGTH = 64;

    static ProductDefaults of(Product product) {
        return switch (product) {
            case MILAN -> new ProductDefaults(3, 0x19, 0x01, 1, classic(4, 0, 24, 219), 29, 0x25, 0x0B, chip(product));
            case GENOA -> new ProductDefaults(3, 0x19, 0x11, 1, classic(10, 0, 23, 84), 40, 0x25, 0x0B, chip(product));
            case TURIN ->
                new ProductDefaults(
                        5,
                        0x1A,
                        0x02,
                        1,
                        new SnpTcb.WithFmc(1, 1, 1, 4, 81, Bytes.zeros(3)),
                        65,
                        0x65,
                        0x3F,
                        chip(product));
        };
    }

    static SnpTcb classic(int bootloader, int tee, int snp, int microcode) {
        return new SnpTcb.Classic(bootloader, tee, snp, microcode, Bytes.zeros(4));
    }

    /** On Turin eight significant bytes, then zeros. */
    private static Bytes chip(Product product) {
        return Bytes.utf8("countersign laboratory chip " + product.kdsName())
                .sha512()
                .slice(0, product.hardwareIdLength())
                .zeroPaddedTo(CHIP_ID_LENGTH);
    }

    /** TCB_VERSION in report byte order. AMD 56860, "TCB_VERSION" table. */
    static Bytes encoded(SnpTcb tcb) {
        return switch (tcb) {
            case SnpTcb.Classic(int bootloader, int tee, int snp, int microcode, Bytes reserved) ->
                Bytes.concat(level(bootloader), level(tee), reserved, level(snp), level(microcode));
            case SnpTcb.WithFmc(int fmc, int bootloader, int tee, int snp, int microcode, Bytes reserved) ->
                Bytes.concat(level(fmc), level(bootloader), level(tee), level(snp), reserved, level(microcode));
        };
    }

    private static Bytes level(int value) {
        return Bytes.copyOf((byte) value);
    }
}
