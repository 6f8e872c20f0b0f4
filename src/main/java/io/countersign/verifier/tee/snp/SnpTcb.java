package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.Bytes;
import java.util.OptionalInt;

/**
 * A TCB_VERSION decoded for its product line: security patch levels from 0 to 255, only partially ordered. AMD 56860,
 * "TCB_VERSION" table.
 */
public sealed interface SnpTcb {
    int bootloader();

    int tee();

    int snp();

    int microcode();

    /** The FMC level, on Turin only. */
    OptionalInt fmc();

    /** The reserved bytes, which must be zero. */
    Bytes reserved();

    /** Milan and Genoa: bootloader, tee, four reserved bytes, snp, microcode. */
    record Classic(int bootloader, int tee, int snp, int microcode, Bytes reserved) implements SnpTcb {
        @Override
        public OptionalInt fmc() {
            return OptionalInt.empty();
        }
    }

    /** Turin: fmc, bootloader, tee, snp, three reserved bytes, microcode. */
    record WithFmc(int fmcLevel, int bootloader, int tee, int snp, int microcode, Bytes reserved) implements SnpTcb {
        @Override
        public OptionalInt fmc() {
            return OptionalInt.of(fmcLevel);
        }
    }

    /** Decodes 8 bytes in report order with the layout of a product line. */
    static SnpTcb decode(Bytes raw, Product product) {
        return switch (product) {
            case MILAN, GENOA -> new Classic(raw.u8(0), raw.u8(1), raw.u8(6), raw.u8(7), raw.slice(2, 6));
            case TURIN -> new WithFmc(raw.u8(0), raw.u8(1), raw.u8(2), raw.u8(3), raw.u8(7), raw.slice(4, 7));
        };
    }

    /** Whether every component is at most the other's; two TCBs can both be false. */
    default boolean isAtMost(SnpTcb other) {
        return bootloader() <= other.bootloader()
                && tee() <= other.tee()
                && snp() <= other.snp()
                && microcode() <= other.microcode()
                && fmc().orElse(0) <= other.fmc().orElse(0);
    }

    /** For people: "bootloader 4, tee 0, snp 24, microcode 219". */
    default String text() {
        String levels =
                "bootloader %d, tee %d, snp %d, microcode %d".formatted(bootloader(), tee(), snp(), microcode());
        return fmc().isPresent() ? "fmc %d, %s".formatted(fmc().getAsInt(), levels) : levels;
    }
}
