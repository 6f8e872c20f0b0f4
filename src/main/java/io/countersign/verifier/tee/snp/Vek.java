package io.countersign.verifier.tee.snp;

import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.Signatures;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A certificate offered as VCEK or VLEK, decoded for one product line. Whether anybody vouches for it is judged elsewhere.
 *
 * @param kind by its common name; VCEK is assumed for decoding where it has neither
 * @param roleFindings what keeps it from being a VEK at all
 * @param key absent when it is not a point on P-384
 */
record Vek(
        Certificate certificate,
        Product product,
        VekKind kind,
        List<String> roleFindings,
        Optional<PublicKey> key,
        VekExtensions extensions) {
    Vek {
        roleFindings = List.copyOf(roleFindings);
    }

    static Vek read(Certificate certificate, Product product, Signatures signatures) {
        var findings = new ArrayList<String>();
        Optional<VekKind> kind = AmdNames.vekKind(certificate.subjectCommonName());
        if (kind.isEmpty()) {
            findings.add("its common name is \"" + certificate.subjectCommonName() + "\", not SEV-VCEK or SEV-VLEK");
        }
        if (certificate.saysCertificateAuthority()) {
            findings.add("it says that it is a certificate authority");
        }
        if (!AmdSignature.isAlgorithm(certificate.signatureAlgorithm())) {
            findings.add("it is not signed with RSASSA-PSS and AMD's parameters");
        }
        certificate.criticalExtensions().stream()
                .filter(oid -> !VekExtensions.isKnown(oid))
                .forEach(oid -> findings.add("its critical extension " + oid + " is not known here"));
        Optional<PublicKey> key = AmdSignature.isP384(certificate.subjectPublicKeyInfo())
                ? signatures.key("EC", certificate.subjectPublicKeyInfo())
                : Optional.empty();
        if (key.isEmpty()) {
            findings.add("its key is not on the curve P-384");
        }
        VekKind decodedAs = kind.orElse(VekKind.VCEK);
        return new Vek(
                certificate, product, decodedAs, findings, key, VekExtensions.decode(certificate, product, decodedAs));
    }
}
