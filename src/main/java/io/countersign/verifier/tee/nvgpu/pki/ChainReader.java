package io.countersign.verifier.tee.nvgpu.pki;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.CertificateRole;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import java.math.BigInteger;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;

/** Follows certificates from a leaf to a pinned root: names, key identifiers, roles, keys, signatures. RFC 5280, section 6.1. */
public final class ChainReader {
    private final NvidiaRoots roots;
    private final Signatures signatures;
    private final SignatureFacts facts;

    /** The chain, or everything that is wrong with it in one sentence. */
    public sealed interface Reading {
        record Signed(SignedChain chain) implements Reading {}

        record Broken(String why) implements Reading {}
    }

    /** That one certificate's key signed another; both are named by the fact's key. */
    private enum Link {
        SIGNED
    }

    public ChainReader(NvidiaRoots roots, Signatures signatures, SignatureFacts facts) {
        this.roots = roots;
        this.signatures = signatures;
        this.facts = facts;
    }

    public NvidiaRoots roots() {
        return roots;
    }

    /**
     * Follows a chain that ends in its root.
     *
     * @param certificates leaf first
     * @param length how many there must be, the root included
     */
    public Reading follow(List<Certificate> certificates, int length) {
        if (certificates.size() != length) {
            return new Reading.Broken(
                    "the number of certificates is %d, not %d".formatted(certificates.size(), length));
        }
        Certificate last = certificates.getLast();
        Optional<NvidiaRoots.Root> root = roots.pinned(last);
        var findings = new ArrayList<String>();
        if (root.isEmpty()) {
            findings.add("the last certificate is not a root that is pinned here (its SHA-256 is %s)"
                    .formatted(last.fingerprint()));
        }
        leafFindings(certificates.getFirst()).forEach(finding -> findings.add(about(certificates, 0, finding)));
        for (int i = 1; i < length - 1; i++) {
            for (String finding : authorityFindings(certificates.get(i), i - 1)) {
                findings.add(about(certificates, i, finding));
            }
        }
        for (int i = 0; i < length - 1; i++) {
            for (String finding : nameFindings(certificates.get(i), certificates.get(i + 1))) {
                findings.add(about(certificates, i, finding));
            }
        }
        if (!findings.isEmpty() || root.isEmpty()) {
            return new Reading.Broken(String.join("; ", findings));
        }
        return signatures(certificates, root.get());
    }

    private static String about(List<Certificate> certificates, int index, String finding) {
        return "certificate %d (%s): %s"
                .formatted(index + 1, Shown.shortened(certificates.get(index).subjectCommonName()), finding);
    }

    /** From the root down, so that no key is used before something pinned vouches for it. */
    private Reading signatures(List<Certificate> certificates, NvidiaRoots.Root root) {
        var keys = new ArrayList<PublicKey>();
        keys.add(root.key());
        for (int i = certificates.size() - 2; i >= 0; i--) {
            Certificate subject = certificates.get(i);
            if (!linked(subject, certificates.get(i + 1), keys.getFirst())) {
                return new Reading.Broken(about(certificates, i, "the next one did not sign it"));
            }
            Optional<PublicKey> key = NvidiaSignature.key(subject, signatures);
            if (key.isEmpty()) {
                return new Reading.Broken(about(certificates, i, "its key is not on P-384"));
            }
            keys.addFirst(key.get());
        }
        return new Reading.Signed(new SignedChain(certificates, keys));
    }

    /** Issuing certificates are shared by many devices, and verified once. */
    private boolean linked(Certificate subject, Certificate issuer, PublicKey issuerKey) {
        var key = new SignatureFacts.Key("nvidia-link", subject.fingerprint(), issuer.fingerprint());
        if (facts.recall(key, Link.class).isPresent()) {
            return true;
        }
        boolean signed = NvidiaSignature.signed(issuerKey, subject, signatures);
        if (signed) {
            facts.remember(key, Link.SIGNED);
        }
        return signed;
    }

    private static List<String> leafFindings(Certificate leaf) {
        var findings = new ArrayList<>(findings(leaf));
        if (leaf.saysCertificateAuthority()) {
            findings.add("it is a certificate authority");
        }
        if (!CertificateRole.allows(leaf, KeyUsage.digitalSignature)) {
            findings.add("its key usage does not allow to sign data");
        }
        return findings;
    }

    /**
     * What keeps a certificate from issuing others.
     *
     * @param below how many authorities stand between it and the leaf
     */
    private static List<String> authorityFindings(Certificate authority, int below) {
        var findings = new ArrayList<>(findings(authority));
        Optional<BasicConstraints> constraints = CertificateRole.constraints(authority);
        if (constraints.filter(BasicConstraints::isCA).isEmpty()) {
            findings.add("it is not a certificate authority");
        } else if (constraints
                .map(BasicConstraints::getPathLenConstraint)
                .filter(most -> most.compareTo(BigInteger.valueOf(below)) < 0)
                .isPresent()) {
            findings.add("its path length does not allow an authority below it");
        }
        if (!CertificateRole.allows(authority, KeyUsage.keyCertSign)) {
            findings.add("its key usage does not allow to sign certificates");
        }
        return findings;
    }

    private static List<String> findings(Certificate certificate) {
        var findings = new ArrayList<String>();
        if (!NvidiaSignature.isAlgorithm(certificate.signatureAlgorithm())) {
            findings.add("it is not signed with ECDSA and SHA-384");
        }
        List<String> critical = CertificateRole.unknownCriticalExtensions(certificate);
        if (!critical.isEmpty()) {
            findings.add("it has critical extensions that are not known: " + Shown.several(critical));
        }
        return findings;
    }

    private static List<String> nameFindings(Certificate subject, Certificate issuer) {
        var findings = new ArrayList<String>();
        if (!subject.issuer().equals(issuer.subject())) {
            findings.add("the next certificate does not bear the name of its issuer");
        }
        Optional<Bytes> wanted = authorityKeyIdentifier(subject);
        Optional<Bytes> found = subjectKeyIdentifier(issuer);
        if (wanted.isPresent() && found.isPresent() && !wanted.get().equals(found.get())) {
            findings.add("its authority key identifier names another key than that of the next certificate");
        }
        return findings;
    }

    private static Optional<Bytes> authorityKeyIdentifier(Certificate certificate) {
        return certificate.extension(Extension.authorityKeyIdentifier.getId()).flatMap(value -> {
            try {
                byte[] octets =
                        AuthorityKeyIdentifier.getInstance(value.toByteArray()).getKeyIdentifierOctets();
                return Optional.ofNullable(octets).map(Bytes::copyOf);
            } catch (RuntimeException _) { // Bouncy Castle has several for what is not what was asked for
                return Optional.empty();
            }
        });
    }

    private static Optional<Bytes> subjectKeyIdentifier(Certificate certificate) {
        return certificate.extension(Extension.subjectKeyIdentifier.getId()).flatMap(value -> {
            try {
                return Optional.of(Bytes.copyOf(
                        SubjectKeyIdentifier.getInstance(value.toByteArray()).getKeyIdentifier()));
            } catch (RuntimeException _) {
                return Optional.empty();
            }
        });
    }
}
