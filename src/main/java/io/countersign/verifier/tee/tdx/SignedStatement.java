package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.trust.Window;
import java.time.Instant;
import java.util.List;

/**
 * A statement of Intel's whose signature leads to a pinned root. Windows and revocation are judged for every request.
 *
 * @param valid what is said of it while it and its signer are within their windows
 * @param signers the certificate that came along; or, where none did, every built-in one of the key that signed
 */
record SignedStatement<T>(T statement, List<IntelAnchors.Signer> signers, Outcome valid) {
    SignedStatement {
        signers = List.copyOf(signers);
    }

    /** The signer that is valid at an instant, otherwise the last one. */
    IntelAnchors.Signer signerAt(Instant at) {
        return signers.stream()
                .filter(signer -> signer.certificate().window().at(at) == Window.Standing.WITHIN)
                .findFirst()
                .orElseGet(signers::getLast);
    }
}
