package io.countersign.verifier.tee.tdx;

import java.util.Optional;
import java.util.stream.Stream;

/** The two authorities that issue PCK certificates: Intel SGX PCK Certificate and CRL Profile, section 1.3. */
public enum PckCa {
    /** Servers of several packages, and so every TDX machine. */
    PLATFORM("platform", "Intel SGX PCK Platform CA"),
    /** Single-package machines. */
    PROCESSOR("processor", "Intel SGX PCK Processor CA");

    private final String word;
    private final String commonName;

    PckCa(String word, String commonName) {
        this.word = word;
        this.commonName = commonName;
    }

    /** As Intel's service spells it: {@code ca=platform}. */
    public String word() {
        return word;
    }

    public String commonName() {
        return commonName;
    }

    public static Optional<PckCa> named(String commonName) {
        return Stream.of(values())
                .filter(ca -> ca.commonName.equals(commonName))
                .findFirst();
    }
}
