package io.countersign.verifier.tee.nvgpu.pki;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.AnchorRole;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.CertificateRole;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.BasicConstraints;

/** The pinned roots of one role: of devices, or of reference values. What a chain brings as its root is a hint only. */
public final class NvidiaRoots {
    private final List<Root> roots;
    private final Bytes fingerprint;

    /** A pinned root and its key. */
    public record Root(Certificate certificate, PublicKey key) {}

    /** Reads every anchor of a role; one that is not a certificate authority on P-384 is an {@link IllegalArgumentException}. */
    public NvidiaRoots(TrustAnchors anchors, AnchorRole role, Signatures signatures) {
        this.roots = anchors.of(role).stream()
                .map(anchor -> root(anchor.certificate(), role, signatures))
                .toList();
        this.fingerprint = Bytes.concat(roots.stream()
                        .map(root -> root.certificate().fingerprint())
                        .toArray(Bytes[]::new))
                .sha256();
    }

    /** The pinned root that a certificate is, byte for byte. */
    public Optional<Root> pinned(Certificate offered) {
        return roots.stream()
                .filter(root -> root.certificate().fingerprint().equals(offered.fingerprint()))
                .findFirst();
    }

    /** Reads a certificate; a pinned root is known, and need not be read again. */
    public Certificate read(Bytes der) throws MalformedDerException {
        Bytes digest = der.sha256();
        for (Root root : roots) {
            if (root.certificate().fingerprint().equals(digest)) {
                return root.certificate();
            }
        }
        return Certificate.parse(der);
    }

    /** Which roots there are, for facts that hold only under them. */
    public Bytes fingerprint() {
        return fingerprint;
    }

    private static Root root(Certificate certificate, AnchorRole role, Signatures signatures) {
        if (CertificateRole.constraints(certificate)
                .filter(BasicConstraints::isCA)
                .isEmpty()) {
            throw new IllegalArgumentException("anchor %s: it is not a certificate authority".formatted(role.word()));
        }
        return NvidiaSignature.key(certificate, signatures)
                .map(key -> new Root(certificate, key))
                .orElseThrow(() ->
                        new IllegalArgumentException("anchor %s: its key is not on P-384".formatted(role.word())));
    }
}
