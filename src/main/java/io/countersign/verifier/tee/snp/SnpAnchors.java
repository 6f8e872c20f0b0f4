package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.trust.AnchorRole;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.PemBundle;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The chains that VEK certificates are verified with, each intermediate linked once to the ARK that signed it. A product
 * line may have several ARKs of one name, such as a laboratory's beside AMD's: the signature tells which one it is.
 */
final class SnpAnchors {
    private final Signatures signatures;
    private final List<Ark> arks;
    private final List<AmdChain> chains;
    private final Map<Bytes, Certificate> byFingerprint;

    /** A self-signed root for one product line. */
    record Ark(Product product, Certificate certificate, PublicKey key, TrustAnchors.Origin origin) {}

    /** Links every anchor; one that is not what its role says is an {@link IllegalArgumentException}. */
    SnpAnchors(TrustAnchors anchors, Signatures signatures) {
        this.signatures = signatures;
        this.arks = anchors.of(AnchorRole.AMD_ARK).stream().map(this::ark).toList();
        var linked = new ArrayList<AmdChain>();
        anchors.of(AnchorRole.AMD_ASK).forEach(anchor -> linked.add(link(anchor, VekKind.VCEK)));
        anchors.of(AnchorRole.AMD_ASVK).forEach(anchor -> linked.add(link(anchor, VekKind.VLEK)));
        this.chains = List.copyOf(linked);
        this.byFingerprint = anchors.all().stream()
                .map(TrustAnchors.Anchor::certificate)
                .collect(Collectors.toUnmodifiableMap(Certificate::fingerprint, Function.identity(), (a, _) -> a));
    }

    List<AmdChain> chains() {
        return chains;
    }

    /** The chains whose intermediate bears this name; names prove nothing. */
    List<AmdChain> named(Bytes intermediateName) {
        return chains.stream()
                .filter(chain -> chain.intermediate().subject().equals(intermediateName))
                .toList();
    }

    /** The anchor with these exact bytes. */
    Optional<Certificate> anchorWith(Bytes fingerprint) {
        return Optional.ofNullable(byFingerprint.get(fingerprint));
    }

    /** The chains that a fetched PEM chain adds: intermediates of the right role that a pinned ARK signed. */
    List<AmdChain> reissued(Product product, VekKind kind, Bytes pem) {
        var found = new ArrayList<AmdChain>();
        for (Certificate certificate : readable(pem)) {
            for (Ark ark : arks) {
                if (ark.product() == product) {
                    link(certificate, kind, ark).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    private static List<Certificate> readable(Bytes pem) {
        var certificates = new ArrayList<Certificate>();
        try {
            for (Bytes der : PemBundle.split(pem, BroughtCertificates.MAX_CERTIFICATES)) {
                certificates.add(Certificate.parse(der));
            }
        } catch (MalformedEvidenceException | MalformedDerException _) {
            // What cannot be read vouches for nothing; the VEK then fails for want of an issuer.
            return List.of();
        }
        return certificates;
    }

    private Ark ark(TrustAnchors.Anchor anchor) {
        Product product = product(anchor);
        Certificate certificate = anchor.certificate();
        List<String> findings = AuthorityRole.arkFindings(certificate, product);
        if (!findings.isEmpty()) {
            throw new IllegalArgumentException(name(anchor) + ": " + String.join("; ", findings));
        }
        PublicKey key = signatures
                .key("RSA", certificate.subjectPublicKeyInfo())
                .filter(candidate -> AmdSignature.signed(candidate, certificate, signatures))
                .orElseThrow(() -> new IllegalArgumentException(name(anchor) + ": it did not sign itself"));
        return new Ark(product, certificate, key, anchor.origin());
    }

    private AmdChain link(TrustAnchors.Anchor anchor, VekKind kind) {
        Product product = product(anchor);
        return arks.stream()
                .filter(ark -> ark.product() == product)
                .flatMap(ark -> link(anchor.certificate(), kind, ark).stream())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        name(anchor) + ": no amd-ark of this product line signed it in that role"));
    }

    private Optional<AmdChain> link(Certificate intermediate, VekKind kind, Ark ark) {
        if (!AuthorityRole.intermediateFindings(intermediate, ark.product(), kind, ark.certificate())
                        .isEmpty()
                || !AmdSignature.signed(ark.key(), intermediate, signatures)) {
            return Optional.empty();
        }
        return signatures
                .key("RSA", intermediate.subjectPublicKeyInfo())
                .map(key -> AmdChain.of(ark, kind, intermediate, key));
    }

    private static Product product(TrustAnchors.Anchor anchor) {
        return Product.named(anchor.variant())
                .orElseThrow(() -> new IllegalArgumentException(
                        name(anchor) + ": the product line must be Milan, Genoa or Turin"));
    }

    private static String name(TrustAnchors.Anchor anchor) {
        return "anchor %s %s".formatted(anchor.role().word(), anchor.variant());
    }
}
