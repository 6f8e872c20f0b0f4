package io.countersign.verifier.tee.snp;

import java.util.Optional;

/** CPUID_FAM_ID, CPUID_MOD_ID and CPUID_STEP, in reports of version 3 and later. AMD 56860, Table 23. */
public record CpuId(int family, int model, int stepping) {
    /** The product line whose keys sign for this processor; empty when we know none. Ranges include both ends. */
    public Optional<Product> product() {
        return switch (family) {
            case 0x19 -> {
                if (model <= 0x0F) {
                    yield Optional.of(Product.MILAN);
                }
                // Bergamo and Siena, A0h to AFh, have Genoa's chain: AMD 57230, product names.
                boolean genoa = model <= 0x1F || model >= 0xA0 && model <= 0xAF;
                yield genoa ? Optional.of(Product.GENOA) : Optional.empty();
            }
            case 0x1A -> model <= 0x11 ? Optional.of(Product.TURIN) : Optional.empty();
            default -> Optional.empty();
        };
    }

    public boolean isAllZero() {
        return (family | model | stepping) == 0;
    }
}
