package io.countersign.verifier.tee.nvgpu.pki;

import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.Window;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;

/**
 * Certificates of which each is signed by the next, up to a pinned root; their windows are judged by whoever relies on it.
 *
 * @param certificates the leaf first, the pinned root last
 * @param keys of the certificates, in their order
 */
public record SignedChain(List<Certificate> certificates, List<PublicKey> keys) {
    public SignedChain {
        certificates = List.copyOf(certificates);
        keys = List.copyOf(keys);
    }

    public Certificate leaf() {
        return certificates.getFirst();
    }

    public PublicKey leafKey() {
        return keys.getFirst();
    }

    public Certificate root() {
        return certificates.getLast();
    }

    /** The earliest end of all windows. */
    public Instant until() {
        return certificates.stream()
                .map(certificate -> certificate.window().notAfter())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** What is wrong with the windows at an instant, one sentence for each certificate that it lies outside of. */
    public List<String> outsideAt(Instant at) {
        return certificates.stream()
                .filter(certificate -> certificate.window().at(at) != Window.Standing.WITHIN)
                .map(certificate -> "the certificate of %s is valid %s, which does not hold at %s"
                        .formatted(certificate.subjectCommonName(), certificate.window(), at))
                .toList();
    }
}
