package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.CertificateRole;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * What makes a certificate the one that its place in a chain calls for, apart from its signature: the name keeps a signer of
 * TCB info from passing as a PCK, and the other way round. Intel SGX PCK Certificate and CRL Profile, chapter 1.
 */
final class IntelRole {
    static final String PCK = "Intel SGX PCK Certificate";
    static final String TCB_SIGNER = "Intel SGX TCB Signing";

    private IntelRole() {}

    /** What keeps a certificate from being a PCK certificate; empty when nothing does. */
    static List<String> pckFindings(Certificate certificate) {
        return leafFindings(certificate, PCK);
    }

    /** What keeps a certificate from being the signer of TCB info and identities; empty when nothing does. */
    static List<String> signerFindings(Certificate certificate) {
        return leafFindings(certificate, TCB_SIGNER);
    }

    /** What keeps a certificate from being the authority of PCK certificates; empty when nothing does. */
    static List<String> authorityFindings(Certificate certificate) {
        var findings = findings(certificate);
        if (PckCa.named(certificate.subjectCommonName()).isEmpty()) {
            findings.add("its common name is \"%s\", not that of the PCK Platform CA or the PCK Processor CA"
                    .formatted(certificate.subjectCommonName()));
        }
        boolean leavesOnly = CertificateRole.constraints(certificate)
                .filter(BasicConstraints::isCA)
                .map(BasicConstraints::getPathLenConstraint)
                .filter(BigInteger.ZERO::equals)
                .isPresent();
        if (!leavesOnly) {
            findings.add("it is not a certificate authority of path length 0");
        }
        if (!CertificateRole.allows(certificate, KeyUsage.keyCertSign | KeyUsage.cRLSign)) {
            findings.add("its key usage does not allow to sign certificates and revocation lists");
        }
        return findings;
    }

    private static List<String> leafFindings(Certificate certificate, String commonName) {
        var findings = findings(certificate);
        if (!certificate.subjectCommonName().equals(commonName)) {
            findings.add(
                    "its common name is \"%s\", not \"%s\"".formatted(certificate.subjectCommonName(), commonName));
        }
        if (certificate.saysCertificateAuthority()) {
            findings.add("it is a certificate authority");
        }
        if (certificate.extension(Extension.keyUsage.getId()).isPresent()
                && !CertificateRole.allows(certificate, KeyUsage.digitalSignature)) {
            findings.add("its key usage does not allow to sign data");
        }
        return findings;
    }

    private static List<String> findings(Certificate certificate) {
        var findings = new ArrayList<String>();
        if (!IntelSignature.isAlgorithm(certificate.signatureAlgorithm())) {
            findings.add("it is not signed with ECDSA and SHA-256");
        }
        List<String> critical = CertificateRole.unknownCriticalExtensions(certificate);
        if (!critical.isEmpty()) {
            findings.add("it has critical extensions that are not known: " + String.join(", ", critical));
        }
        return findings;
    }
}
