package io.countersign.client.machine;

import io.countersign.client.Bytes;
import java.util.Optional;

/** The CPU's answer. */
public sealed interface Cpu {
    /**
     * AMD SEV-SNP.
     *
     * @param certificates the host's certificate table, where it provides one
     */
    record SevSnp(Bytes report, Optional<Bytes> certificates) implements Cpu {}

    /**
     * Intel TDX.
     *
     * @param eventLog the bytes of the CCEL log area
     */
    record Tdx(Bytes quote, Optional<Bytes> eventLog) implements Cpu {}
}
