package io.countersign.testkit;

import io.countersign.insecure.Pem;
import io.countersign.insecure.RsaSignature;
import io.countersign.insecure.SoftwareAmd;
import io.countersign.insecure.SoftwareCertificate;
import io.countersign.insecure.SoftwareCertificate.Criticality;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.VekKind;
import java.time.Instant;
import java.util.List;

/** Certificates that must not be believed: foreign roots, confused roles, wrong windows, wrong algorithms. */
final class SnpChainCases {
    private static final String CHAIN = "snp.vek-chain";
    private static final SoftwareAmd MILAN = SoftwareAmds.of(Product.MILAN);
    private static final SoftwareAmd GENOA = SoftwareAmds.of(Product.GENOA);
    private static final SoftwareAmd FOREIGN = SoftwareAmds.foreignMilan();

    private SnpChainCases() {}

    static List<SnpCase> all() {
        return List.of(
                fails(
                                "chain-self-made-with-amd-names",
                                "A complete chain of one's own under AMD's names and serials, list included")
                        .by(FOREIGN)
                        .certificates(Pem.certificate(FOREIGN.vcek())
                                + Pem.certificate(FOREIGN.ask())
                                + Pem.certificate(FOREIGN.ark())),
                fails(
                                "vek-signed-by-foreign-ask-with-amd-names",
                                "Only the VCEK is brought, signed by a foreign SEV-Milan")
                        .by(FOREIGN)
                        .crl(MILAN.crlDraft(VekKind.VCEK)),
                fails(
                                "vek-signed-by-foreign-ask-for-the-genuine-key",
                                "A foreign SEV-Milan certifies the key that signed the report")
                        .leaf(leaf().signedBy(FOREIGN.keys().ask())),
                fails("vek-signature-flipped", "One bit of the VCEK's signature is flipped")
                        .leaf(flippedAtTheEnd()),
                fails("vek-self-signed", "The VCEK's issuer is right, its signer is a key of nobody")
                        .leaf(leaf().signedBy(FOREIGN.keys().asvk())),
                fails("vek-signed-by-the-ark", "The pinned ARK signed the VCEK itself, no intermediate between")
                        .leaf(leaf().issuer("ARK-Milan").signedBy(MILAN.keys().ark())),
                fails("vcek-signed-by-the-asvk", "A VCEK issued by the ASVK of the same product")
                        .leaf(leaf().issuer("SEV-VLEK-Milan")
                                .signedBy(MILAN.keys().asvk())),
                fails("vcek-signed-by-the-asvk-under-the-asks-name", "The ASVK signed, the issuer says SEV-Milan")
                        .leaf(leaf().signedBy(MILAN.keys().asvk())),
                fails("vcek-signed-by-another-products-ask", "Genoa's ASK signed, the issuer says SEV-Milan")
                        .leaf(leaf().signedBy(GENOA.keys().ask())),
                new SnpCase(
                                "vcek-issued-by-another-products-ask",
                                "A Milan report with a VCEK issued and signed by SEV-Genoa")
                        .leaf(leaf().issuer("SEV-Genoa").signedBy(GENOA.keys().ask()))
                        .fails("snp.vek-matches-report", "snp.format", "snp.binding"),
                new SnpCase("vlek-chain-offered-as-vcek", "SIGNING_KEY says VCEK; certificate and key are the VLEK's")
                        .report(r -> r.signedWith(MILAN.keys().vlek()))
                        .leaf(MILAN.vlek())
                        .fails("snp.vek-matches-report", "snp.format", "snp.binding"),
                new SnpCase("vcek-chain-offered-as-vlek", "SIGNING_KEY says VLEK; certificate and key are the VCEK's")
                        .report(r -> r.flags(1 << 2).signedWith(MILAN.keys().vcek()))
                        .fails("snp.vek-matches-report", "snp.format", "snp.binding"),
                fails("vek-common-name-of-nobody", "The leaf's common name is VCEK, not SEV-VCEK")
                        .leaf(leaf().subject("VCEK")),
                fails("leaf-is-a-ca", "The VCEK says that it is a certificate authority")
                        .leaf(leaf().certificateAuthority()),
                fails("leaf-key-is-rsa", "The VCEK certifies an RSA key")
                        .leaf(leaf().key(MILAN.keys().ask())),
                fails("ask-offered-as-the-leaf", "Only the ASK is brought").leaf(MILAN.ask()),
                fails("ark-offered-as-the-leaf", "Only the ARK is brought").leaf(MILAN.ark()),
                fails(
                                "unknown-critical-extension",
                                "The VCEK has a critical extension that nobody knows: RFC 5280, 4.2")
                        .leaf(leaf().with("1.3.6.1.4.1.3704.99.1", Criticality.CRITICAL, Bytes.fromHex("0500"))),
                fails("vek-expired", "The VCEK ended one second before the time of judgement")
                        .leaf(leaf().validUntil(SoftwareAmds.AS_OF.minusSeconds(1))),
                fails("vek-not-yet-valid", "The VCEK begins 61 seconds from now, a second more than clocks may differ")
                        .leaf(leaf().validFrom(SoftwareAmds.AS_OF.plusSeconds(61))),
                fails("vlek-expired", "The VLEK's year is over")
                        .vlek()
                        .leaf(MILAN.vekDraft(VekKind.VLEK).validUntil(SoftwareAmds.AS_OF.minusSeconds(1))),
                fails("ask-and-ark-expired", "In 2050 the VCEK would still be valid, ASK and ARK are not")
                        .leaf(leaf().validUntil(Instant.parse("2060-01-01T00:00:00Z")))
                        .crl(MILAN.crlDraft(VekKind.VCEK)
                                .thisUpdate(Instant.parse("2049-12-31T00:00:00Z"))
                                .nextUpdate(Instant.parse("2050-02-01T00:00:00Z")))
                        .at("2050-01-01T00:00:00Z"),
                fails(
                                "before-the-ask-began",
                                "In 2020, 80 seconds before the ASK's window, with a VCEK that claims 2019")
                        .leaf(leaf().validFrom(Instant.parse("2019-01-01T00:00:00Z")))
                        .crl(MILAN.crlDraft(VekKind.VCEK).thisUpdate(Instant.parse("2019-01-01T00:00:00Z")))
                        .at("2020-10-22T18:23:00Z"),
                algorithm("pss-salt-20", "RSASSA-PSS with a salt of 20 bytes, and says so", RsaSignature.PSS_SALT_20),
                algorithm(
                        "pss-salt-20-named-48",
                        "RSASSA-PSS with a salt of 20 bytes under AMD's parameters",
                        RsaSignature.PSS_SALT_20_NAMED_48),
                algorithm("pss-sha-256", "RSASSA-PSS with SHA-256", RsaSignature.PSS_SHA256),
                algorithm("pkcs1-signature", "PKCS #1 version 1.5 with SHA-384", RsaSignature.PKCS1_SHA384),
                algorithm(
                        "pkcs1-signature-named-pss",
                        "PKCS #1 version 1.5 under the name of RSASSA-PSS",
                        RsaSignature.PKCS1_SHA384_NAMED_PSS),
                algorithm("pkcs1-sha-1", "PKCS #1 version 1.5 with SHA-1", RsaSignature.PKCS1_SHA1),
                fails(
                                "inner-and-outer-algorithm-differ",
                                "The signed part names PKCS #1, the outer algorithm RSASSA-PSS")
                        .leafBeside(leaf().algorithmNamedInside(RsaSignature.PKCS1_SHA384)
                                .der()),
                fails("trailer-field-inside-only", "The two algorithm identifiers mean the same and differ in bytes")
                        .leafBeside(leaf().algorithmNamedInside(RsaSignature.AMD_TRAILER_WRITTEN)
                                .der()),
                fails("bytes-after-the-certificate", "A byte follows the VCEK")
                        .leafBeside(Bytes.concat(MILAN.vcek(), Bytes.zeros(1))),
                new SnpCase("certificates-unreadable", "The PEM block in the evidence holds no certificate")
                        .certificates(Pem.certificate(Bytes.fromHex("30030201")))
                        .problem("evidence-malformed"),
                new SnpCase("certificates-absent-offline", "Nobody has the VCEK, and the service may not fetch it")
                        .withoutCertificates()
                        .undetermined(CHAIN)
                        .also("snp.format", "passed")
                        .also("snp.binding", "passed"));
    }

    private static SnpCase fails(String name, String what) {
        return new SnpCase(name, what).fails(CHAIN, "snp.format", "snp.binding");
    }

    private static SnpCase algorithm(String name, String what, RsaSignature signature) {
        return fails(name, "The VCEK is signed by the genuine ASK with " + what).leaf(leaf().signature(signature));
    }

    private static SoftwareCertificate leaf() {
        return MILAN.vekDraft(VekKind.VCEK);
    }

    private static Bytes flippedAtTheEnd() {
        byte[] der = MILAN.vcek().toByteArray();
        der[der.length - 1] ^= 1;
        return Bytes.copyOf(der);
    }
}
