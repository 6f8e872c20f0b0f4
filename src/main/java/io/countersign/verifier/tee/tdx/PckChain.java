package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Window;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A PCK certificate whose signatures lead to a pinned root. Windows and revocation are judged for every request.
 *
 * @param valid what is said of it while every certificate is within its window
 */
record PckChain(
        IntelAnchors.Root root,
        PckCa ca,
        Certificate authority,
        PublicKey authorityKey,
        Certificate leaf,
        PublicKey leafKey,
        PckIdentity identity,
        Outcome valid)
        implements SignatureFacts.Sized {
    /** As measured. */
    @Override
    public int bytes() {
        return 8 * 1024;
    }

    private List<Certificate> certificates() {
        return List.of(leaf, authority, root.certificate());
    }

    /** The first certificate that is not valid at an instant. */
    Optional<Certificate> outsideItsWindow(Instant at) {
        return certificates().stream()
                .filter(certificate -> certificate.window().at(at) != Window.Standing.WITHIN)
                .findFirst();
    }

    /** The earliest end of its certificates. */
    Instant until() {
        return certificates().stream()
                .map(certificate -> certificate.window().notAfter())
                .min(Instant::compareTo)
                .orElseThrow();
    }
}
