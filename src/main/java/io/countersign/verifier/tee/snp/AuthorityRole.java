package io.countersign.verifier.tee.snp;

import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.CertificateRole;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.KeyUsage;

/** What makes a certificate an ARK, or an ASK or ASVK, apart from its signature. RFC 5280, 4.2.1.3 and 4.2.1.9. */
final class AuthorityRole {
    private AuthorityRole() {}

    /** What keeps a certificate from being the ARK of a product line; empty when nothing does. */
    static List<String> arkFindings(Certificate certificate, Product product) {
        var findings = findings(certificate, AmdNames.ark(product), KeyUsage.keyCertSign | KeyUsage.cRLSign);
        if (!certificate.issuer().equals(certificate.subject())) {
            findings.add("it is not issued by itself");
        }
        return findings;
    }

    /** What keeps a certificate from being the ASK or ASVK of a product line under an ARK; empty when nothing does. */
    static List<String> intermediateFindings(Certificate certificate, Product product, VekKind kind, Certificate ark) {
        var findings = findings(certificate, AmdNames.intermediate(product, kind), KeyUsage.keyCertSign);
        if (!certificate.issuer().equals(ark.subject())) {
            findings.add("its issuer is not the ARK");
        }
        boolean leavesOnly = CertificateRole.constraints(certificate)
                .map(BasicConstraints::getPathLenConstraint)
                .filter(length -> length.equals(BigInteger.ZERO))
                .isPresent();
        if (!leavesOnly) {
            findings.add("its path length is not 0");
        }
        return findings;
    }

    private static List<String> findings(Certificate certificate, String commonName, int usages) {
        var findings = new ArrayList<String>();
        if (!certificate.subjectCommonName().equals(commonName)) {
            findings.add("its common name is not " + commonName);
        }
        if (!AmdSignature.isAlgorithm(certificate.signatureAlgorithm())) {
            findings.add("it is not signed with RSASSA-PSS and AMD's parameters");
        }
        if (CertificateRole.constraints(certificate)
                .filter(BasicConstraints::isCA)
                .isEmpty()) {
            findings.add("it is not a certificate authority");
        }
        if (!CertificateRole.allows(certificate, usages)) {
            findings.add("its key usage does not allow what it is used for");
        }
        return findings;
    }
}
