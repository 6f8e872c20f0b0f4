package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.AnchorRole;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.CertificateRole;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.PemBundle;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.BasicConstraints;

/** The roots that every chain must lead to, and the signers of TCB info that are built in. */
final class IntelAnchors {
    private final List<Root> roots;
    private final List<Signer> signers;
    private final List<Authority> authorities;
    private final Map<Bytes, Certificate> byFingerprint;
    private final Bytes fingerprint;
    private final Signatures signatures;

    /** A pinned root. What evidence brings as a root is a hint only: the chain goes on from here. */
    record Root(Certificate certificate, PublicKey key) {}

    /** A certificate that signs TCB info and identities, with the root that signed it. */
    record Signer(Certificate certificate, PublicKey key, Root root) {}

    /** A certificate that issues PCK certificates, with the root that signed it. */
    record Authority(Certificate certificate, PublicKey key, Root root) {}

    /** Reads every anchor; one that is not what its role says is an {@link IllegalArgumentException}. */
    IntelAnchors(TrustAnchors anchors, Signatures signatures) {
        this.signatures = signatures;
        this.roots = anchors.of(AnchorRole.INTEL_ROOT).stream()
                .map(anchor -> root(anchor.certificate(), signatures))
                .toList();
        this.fingerprint = Bytes.concat(roots.stream()
                        .map(root -> root.certificate().fingerprint())
                        .toArray(Bytes[]::new))
                .sha256();
        this.signers = anchors.of(AnchorRole.INTEL_TCB_SIGNING).stream()
                .map(anchor -> signer(anchor.certificate(), signatures)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "anchor intel-tcb-signing: no intel-root signed it in that role")))
                .toList();
        this.authorities = anchors.of(AnchorRole.INTEL_PCK_CA).stream()
                .map(anchor -> authority(anchor.certificate(), signatures)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "anchor intel-pck-ca: no intel-root signed it in that role")))
                .toList();
        this.byFingerprint = Stream.of(AnchorRole.INTEL_ROOT, AnchorRole.INTEL_PCK_CA, AnchorRole.INTEL_TCB_SIGNING)
                .flatMap(role -> anchors.of(role).stream())
                .map(TrustAnchors.Anchor::certificate)
                .collect(Collectors.toUnmodifiableMap(Certificate::fingerprint, Function.identity(), (a, _) -> a));
    }

    /** The certificates of a chain in PEM; those that are built in were read before. */
    List<Certificate> certificates(Bytes pem, int most) throws MalformedDerException {
        return PemBundle.certificates(pem, most, der -> {
            Certificate known = byFingerprint.get(der.sha256());
            return known == null ? Certificate.parse(der) : known;
        });
    }

    List<Root> roots() {
        return roots;
    }

    /** The built-in signers, for statements that come without a chain. */
    List<Signer> signers() {
        return signers;
    }

    /** The built-in authorities of PCK certificates. */
    List<Authority> authorities() {
        return authorities;
    }

    /**
     * The pinned root that a certificate is, or is another certificate of: Intel may issue the same key again. Such a one is
     * signed by that key, as nothing else is that only bears its name.
     */
    Optional<Root> pinned(Certificate offered) {
        return roots.stream()
                .filter(root ->
                        root.certificate().fingerprint().equals(offered.fingerprint()) || isIssuedAgain(root, offered))
                .findFirst();
    }

    private boolean isIssuedAgain(Root root, Certificate offered) {
        return root.certificate().subjectPublicKeyInfo().equals(offered.subjectPublicKeyInfo())
                && root.certificate().subject().equals(offered.subject())
                && root.certificate().subject().equals(offered.issuer())
                && IntelSignature.signed(root.key(), offered, signatures);
    }

    /** A certificate as the signer of TCB info: its role, and the pinned root that signed it. */
    Optional<Signer> signer(Certificate certificate, Signatures signatures) {
        if (!IntelRole.signerFindings(certificate).isEmpty()) {
            return Optional.empty();
        }
        return signedBy(certificate, signatures).flatMap(root -> IntelSignature.key(certificate, signatures)
                .map(key -> new Signer(certificate, key, root)));
    }

    /** A certificate as an authority of PCK certificates: its role, and the pinned root that signed it. */
    Optional<Authority> authority(Certificate certificate, Signatures signatures) {
        if (!IntelRole.authorityFindings(certificate).isEmpty()) {
            return Optional.empty();
        }
        return signedBy(certificate, signatures).flatMap(root -> IntelSignature.key(certificate, signatures)
                .map(key -> new Authority(certificate, key, root)));
    }

    private Optional<Root> signedBy(Certificate certificate, Signatures signatures) {
        return roots.stream()
                .filter(root -> root.certificate().subject().equals(certificate.issuer())
                        && IntelSignature.signed(root.key(), certificate, signatures))
                .findFirst();
    }

    /** Which roots there are, for facts that hold only under them. */
    Bytes fingerprint() {
        return fingerprint;
    }

    private static Root root(Certificate certificate, Signatures signatures) {
        if (CertificateRole.constraints(certificate)
                .filter(BasicConstraints::isCA)
                .isEmpty()) {
            throw new IllegalArgumentException("anchor intel-root: it is not a certificate authority");
        }
        return IntelSignature.key(certificate, signatures)
                .map(key -> new Root(certificate, key))
                .orElseThrow(() -> new IllegalArgumentException("anchor intel-root: its key is not on P-256"));
    }
}
