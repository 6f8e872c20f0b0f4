package io.countersign.testkit;

import io.countersign.insecure.IntelExtensions;
import io.countersign.insecure.IntelNames;
import io.countersign.insecure.P256Key;
import io.countersign.insecure.Pem;
import io.countersign.insecure.SoftwareCertificate;
import io.countersign.insecure.SoftwareCertificate.Criticality;
import io.countersign.insecure.SoftwareIntel;
import io.countersign.insecure.SoftwareSgxExtension;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.PckCa;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** PCK chains that must not be believed: foreign roots, confused roles, wrong forms, extensions that say too little. */
final class IntelChainCases {
    private static final String CHAIN = "tdx.pck-chain";
    private static final String KEY_USAGE = "2.5.29.15";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String UNKNOWN = "1.3.6.1.4.1.3704.99.1";
    private static final Bytes DIGITAL_SIGNATURE_ONLY = Bytes.fromHex("03020780");
    private static final PckCa CA = PckCa.PLATFORM;
    private static final SoftwareIntel INTEL = SoftwareIntels.trusted();
    private static final SoftwareIntel FOREIGN = SoftwareIntels.foreign();
    private static final P256Key NOBODY = SoftwareIntels.key("nobody");
    private static final String LEAF = IntelCase.pem(leaf());
    private static final String AUTHORITY = IntelCase.pem(authority());
    private static final String ROOT = Pem.certificate(INTEL.root());

    private IntelChainCases() {}

    static List<IntelCase> all() {
        var cases = new ArrayList<IntelCase>();
        cases.addAll(foreign());
        cases.addAll(numbers());
        cases.addAll(roles());
        cases.addAll(certificates());
        cases.addAll(extensions());
        return cases;
    }

    private static List<IntelCase> foreign() {
        return List.of(
                fails(
                                "chain-self-made-with-intels-names",
                                "A complete Intel of one's own under Intel's names and serials, collateral included")
                        .by(FOREIGN),
                fails(
                                "chain-self-made-genuine-collateral",
                                "A self-made chain under Intel's names beside genuine collateral")
                        .quotedBy(FOREIGN),
                fails("chain-self-made-in-an-enclaves-quote", "An enclave's quote with a self-made chain")
                        .sgx()
                        .by(FOREIGN),
                fails(
                                "leaf-signed-by-a-foreign-authority",
                                "A foreign Platform CA signed the leaf; the authority in the chain is genuine")
                        .leaf(leaf().signedBy(FOREIGN.keys().ca(CA))),
                fails(
                                "authority-signed-by-a-foreign-root",
                                "A foreign root signed the authority; the root in the chain is genuine")
                        .authority(authority().signedBy(FOREIGN.keys().root())),
                fails(
                                "root-replaced-by-a-foreign-one",
                                "Leaf and authority are genuine; the root is another one of the same name")
                        .chain(LEAF + AUTHORITY + Pem.certificate(FOREIGN.root())),
                fails(
                                "foreign-authority-with-the-genuine-root",
                                "A foreign authority and its leaf before the genuine root")
                        .quotedBy(FOREIGN)
                        .chain(IntelCase.pem(FOREIGN.pckDraft(CA)) + IntelCase.pem(FOREIGN.pckCaDraft(CA)) + ROOT));
    }

    private static List<IntelCase> numbers() {
        return List.of(
                fails("chain-of-one", "Only the leaf is in the quote").chain(LEAF),
                fails("chain-of-two", "The root is not in the quote").chain(LEAF + AUTHORITY),
                fails("chain-of-four", "A fourth certificate follows the root")
                        .chain(LEAF + AUTHORITY + ROOT + IntelCase.pem(INTEL.pckCaDraft(PckCa.PROCESSOR))),
                fails("chain-with-the-leaf-twice", "The leaf stands twice in a chain of three")
                        .chain(LEAF + LEAF + AUTHORITY),
                fails("chain-with-the-leaf-twice-of-four", "The leaf stands twice before authority and root")
                        .chain(LEAF + LEAF + AUTHORITY + ROOT),
                fails("chain-reversed", "Root, authority, leaf").chain(ROOT + AUTHORITY + LEAF),
                fails("chain-authority-first", "Authority, leaf, root").chain(AUTHORITY + LEAF + ROOT),
                fails("chain-root-in-the-middle", "Leaf, root, authority").chain(LEAF + ROOT + AUTHORITY),
                fails("chain-with-text-between", "Text stands between two certificates")
                        .chain(LEAF + "text\n" + AUTHORITY + ROOT),
                fails("chain-is-empty", "Certification data of no byte").quote(q -> q.certification(5, Bytes.empty())),
                fails("chain-is-no-pem", "Certification data are no PEM").chain("no certificates here"),
                fails("chain-in-der", "Certification data are a certificate in DER")
                        .quote(q -> q.certification(5, leaf().der())),
                fails("chain-of-other-blocks", "The PEM blocks are called something else")
                        .chain((LEAF + AUTHORITY + ROOT).replace("CERTIFICATE", "X509 CRL")),
                fails("chain-with-an-unreadable-certificate", "The leaf's PEM block holds no certificate")
                        .chain(Pem.certificate(Bytes.fromHex("30030201")) + AUTHORITY + ROOT));
    }

    private static List<IntelCase> roles() {
        var child = SoftwareIntels.key("child-of-the-leaf");
        return List.of(
                fails("leaf-used-as-an-authority", "A PCK certificate issued by a PCK certificate")
                        .quote(q -> q.qeReportSignedBy(child))
                        .chain(IntelCase.pem(leaf().key(child)
                                        .issuer(IntelNames.PCK)
                                        .signedBy(INTEL.keys().pck(CA)))
                                + LEAF
                                + ROOT),
                fails("tcb-signer-used-as-an-authority", "A PCK certificate issued by the signer of TCB info")
                        .chain(IntelCase.pem(leaf().issuer(IntelNames.TCB_SIGNING)
                                        .signedBy(INTEL.keys().tcbSigner()))
                                + IntelCase.pem(INTEL.tcbSignerDraft())
                                + ROOT),
                fails("tcb-signer-used-as-the-leaf", "The signer of TCB info signed the QE report")
                        .quote(q -> q.qeReportSignedBy(INTEL.keys().tcbSigner()))
                        .chain(IntelCase.pem(INTEL.tcbSignerDraft()) + AUTHORITY + ROOT),
                fails(
                                "authority-used-as-the-leaf",
                                "The authority signed the QE report itself, issued by the root twice over")
                        .quote(q -> q.qeReportSignedBy(INTEL.keys().ca(CA)))
                        .chain(AUTHORITY + AUTHORITY + ROOT),
                fails("leaf-issued-by-the-root", "The root issued the leaf itself")
                        .leaf(leaf().issuer(IntelNames.ROOT)
                                .signedBy(INTEL.keys().root())),
                fails(
                                "leaf-of-the-processor-ca-under-the-platform-ca",
                                "The Processor CA's leaf before the Platform CA")
                        .quote(q -> q.qeReportSignedBy(INTEL.keys().processorPck()))
                        .leaf(INTEL.pckDraft(PckCa.PROCESSOR)),
                fails("leaf-names-the-processor-ca", "The Platform CA signed; the leaf's issuer says Processor CA")
                        .leaf(leaf().issuer(PckCa.PROCESSOR.commonName())),
                fails("leaf-common-name-of-nobody", "The leaf's common name is another")
                        .leaf(leaf().subject("Intel SGX PCK Certificates")),
                fails("authority-common-name-of-nobody", "An authority of another name, signed by the root")
                        .chain(IntelCase.pem(leaf().issuer("Intel SGX PCK Server CA"))
                                + IntelCase.pem(authority().subject("Intel SGX PCK Server CA"))
                                + ROOT),
                fails("leaf-is-an-authority", "The leaf says that it is a certificate authority")
                        .leaf(leaf().replacing(BASIC_CONSTRAINTS, IntelExtensions.authorityWithPathLength(0))),
                fails("authority-is-none", "The authority says that it is none")
                        .authority(authority().replacing(BASIC_CONSTRAINTS, Bytes.fromHex("3000"))),
                fails("authority-without-basic-constraints", "The authority does not say that it is one")
                        .authority(authority().without(BASIC_CONSTRAINTS)),
                fails("authority-may-not-sign-certificates", "The authority's keyUsage lacks keyCertSign")
                        .authority(authority().replacing(KEY_USAGE, DIGITAL_SIGNATURE_ONLY)),
                fails("leaf-may-not-sign", "The leaf's keyUsage lacks digitalSignature")
                        .leaf(leaf().replacing(KEY_USAGE, IntelExtensions.usageOfAuthorities())));
    }

    private static List<IntelCase> certificates() {
        var zero = INTEL.keys().ca(CA).altering(_ -> Bytes.zeros(64));
        return List.of(
                fails("leaf-signature-zero", "r and s of the leaf's signature are zero (CVE-2022-21449)")
                        .leaf(leaf().signedBy(zero)),
                fails("authority-signature-zero", "r and s of the authority's signature are zero")
                        .authority(authority().signedBy(INTEL.keys().root().altering(_ -> Bytes.zeros(64)))),
                fails("leaf-signature-r-is-the-order", "r of the leaf's signature is the order of the group")
                        .leaf(leaf().signedBy(INTEL.keys()
                                .ca(CA)
                                .altering(raw -> Bytes.concat(P256Key.number(P256Key.ORDER), raw.slice(32, 64))))),
                fails("leaf-signature-flipped", "A bit of the leaf's signature is flipped")
                        .leaf(leaf().signedBy(INTEL.keys().ca(CA).altering(raw -> IntelQuoteCases.flipped(raw, 63)))),
                fails("leaf-self-signed", "The leaf's issuer is right, its signer is a key of nobody")
                        .leaf(leaf().signedBy(NOBODY)),
                fails("leaf-key-on-p-384", "The leaf certifies a key on P-384")
                        .leaf(leaf().key(SoftwareAmds.reportKey("pck-on-p-384"))),
                fails(
                                "leaf-unknown-critical-extension",
                                "The leaf has a critical extension that nobody knows: RFC 5280, 4.2")
                        .leaf(leaf().with(UNKNOWN, Criticality.CRITICAL, Bytes.fromHex("0500"))),
                fails(
                                "authority-unknown-critical-extension",
                                "The authority has a critical extension that nobody knows")
                        .authority(authority().with(UNKNOWN, Criticality.CRITICAL, Bytes.fromHex("0500"))),
                fails("leaf-followed-by-a-byte", "A byte follows the leaf inside its PEM block")
                        .chain(Pem.certificate(Bytes.concat(leaf().der(), Bytes.zeros(1))) + AUTHORITY + ROOT));
    }

    private static List<IntelCase> extensions() {
        var cases = new ArrayList<>(List.of(
                fails("sgx-extension-missing", "The leaf says nothing about its machine")
                        .leaf(leaf().without(IntelNames.SGX_EXTENSION)),
                fails("sgx-extension-twice", "The leaf speaks about its machine twice")
                        .leaf(leaf().twice(IntelNames.SGX_EXTENSION)),
                fails("sgx-extension-unreadable", "The SGX extension is no DER")
                        .leaf(leaf().replacing(IntelNames.SGX_EXTENSION, Bytes.fromHex("30030201"))),
                fails("sgx-extension-empty", "The SGX extension is an empty list")
                        .leaf(leaf().replacing(IntelNames.SGX_EXTENSION, Bytes.fromHex("3000"))),
                fails("sgx-extension-followed-by-a-byte", "A byte follows the list inside the SGX extension")
                        .leaf(leaf().replacing(
                                        IntelNames.SGX_EXTENSION,
                                        Bytes.concat(INTEL.pckExtension(CA).der(), Bytes.zeros(1)))),
                extension(
                        "component-above-255",
                        "A TCB component of 260, whose last byte is 4",
                        e -> e.component(1, 260)),
                extension("component-negative", "A TCB component of -1", e -> e.component(1, -1)),
                extension(
                        "component-as-octets",
                        "A TCB component as OCTET STRING",
                        e -> e.octetsInPlaceOf("2.1", Bytes.fromHex("04"))),
                extension(
                        "pce-svn-above-65535", "A PCE SVN of 65547, whose last two bytes are 11", e -> e.pceSvn(65547)),
                extension("pce-svn-negative", "A PCE SVN of -1", e -> e.pceSvn(-1)),
                extension(
                        "cpu-svn-of-15-bytes", "A CPUSVN of 15 bytes", e -> e.octetsInPlaceOf("2.18", Bytes.zeros(15))),
                extension("ppid-of-15-bytes", "A PPID of 15 bytes", e -> e.octetsInPlaceOf("1", Bytes.zeros(15))),
                extension("fmspc-of-5-bytes", "An FMSPC of 5 bytes", e -> e.fmspc(Bytes.fromHex("c0de000000"))),
                extension(
                        "fmspc-as-text",
                        "An FMSPC as UTF8String",
                        e -> e.derInPlaceOf("4", Bytes.fromHex("0c06c0de00000000"))),
                extension("pce-id-of-3-bytes", "A PCE id of 3 bytes", e -> e.pceId(Bytes.zeros(3)))));
        for (String name : List.of("1", "2.7", "2.16", "2.17", "2.18", "3", "4", "5")) {
            cases.add(extension(
                    "entry-%s-missing".formatted(name.replace('.', '-')),
                    "The SGX extension lacks its entry " + name,
                    e -> e.without(name)));
        }
        for (String name : List.of("1", "2.3", "2.17", "4")) {
            cases.add(extension(
                    "entry-%s-twice".formatted(name.replace('.', '-')),
                    "The SGX extension has its entry %s twice".formatted(name),
                    e -> e.twice(name)));
        }
        return cases;
    }

    private static IntelCase extension(String name, String what, UnaryOperator<SoftwareSgxExtension> change) {
        return fails(name, what).leaf(INTEL.pckDraft(CA, change));
    }

    private static IntelCase fails(String name, String what) {
        return new IntelCase(name, what).fails(CHAIN, "tdx.format", "tdx.binding");
    }

    private static SoftwareCertificate leaf() {
        return INTEL.pckDraft(CA);
    }

    private static SoftwareCertificate authority() {
        return INTEL.pckCaDraft(CA);
    }
}
