package io.countersign.testkit;

import io.countersign.insecure.P256Key;
import io.countersign.insecure.SoftwareCrl;
import io.countersign.insecure.SoftwareIntel;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.PckCa;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Revoked certificates, and lists that say nothing because nobody entitled says it. */
final class IntelRevocationCases {
    private static final String REVOCATION = "tdx.revocation";

    /** The delta CRL indicator, RFC 5280, section 5.2.4. */
    private static final String DELTA = "2.5.29.27";

    private static final PckCa CA = PckCa.PLATFORM;
    private static final SoftwareIntel INTEL = SoftwareIntels.trusted();
    private static final SoftwareIntel FOREIGN = SoftwareIntels.foreign();

    private IntelRevocationCases() {}

    static List<IntelCase> all() {
        var cases = new ArrayList<IntelCase>();
        cases.addAll(revoked());
        both(
                cases,
                "pck",
                "PCK CRL",
                () -> INTEL.pckCrlDraft(CA),
                INTEL.keys().ca(CA),
                FOREIGN.keys().ca(CA));
        both(
                cases,
                "root",
                "root's CRL",
                INTEL::rootCrlDraft,
                INTEL.keys().root(),
                FOREIGN.keys().root());
        cases.addAll(confused());
        cases.addAll(unreadable());
        cases.addAll(absent());
        return cases;
    }

    private static List<IntelCase> revoked() {
        return List.of(
                fails("leaf-revoked", "The PCK CRL revokes the leaf")
                        .pckCrl(INTEL.pckCrlDraft(CA).revoking(INTEL.pckSerial(CA))),
                fails("leaf-revoked", "The Processor CA's CRL revokes the leaf")
                        .sgx()
                        .processor()
                        .pckCrl(INTEL.pckCrlDraft(PckCa.PROCESSOR).revoking(INTEL.pckSerial(PckCa.PROCESSOR))),
                fails("leaf-revoked-before-others", "The leaf is the first of many in the PCK CRL")
                        .pckCrl(INTEL.pckCrlDraft(CA)
                                .revoking(INTEL.pckSerial(CA))
                                .revoking(1)
                                .revoking(2)),
                fails("authority-revoked", "The root's CRL revokes the PCK authority")
                        .rootCrl(INTEL.rootCrlDraft().revoking(INTEL.caSerial(CA))),
                fails("signer-revoked", "The root's CRL revokes the signer of TCB info and QE identity")
                        .rootCrl(INTEL.rootCrlDraft().revoking(INTEL.tcbSignerSerial())),
                fails("everything-revoked", "The root's CRL revokes both of the certificates it covers")
                        .rootCrl(INTEL.rootCrlDraft()
                                .revoking(INTEL.caSerial(CA))
                                .revoking(INTEL.tcbSignerSerial())),
                fails(
                                "revocation-hidden-by-a-foreign-list",
                                "The leaf is revoked; the list that is brought is an empty one by somebody else")
                        .pckCrl(FOREIGN.pckCrlDraft(CA)));
    }

    /** What goes wrong with either list in the same way. */
    private static void both(
            List<IntelCase> cases,
            String name,
            String title,
            Supplier<SoftwareCrl> list,
            P256Key own,
            P256Key foreign) {
        var changes = new TreeMap<String, UnaryOperator<SoftwareCrl>>(Map.of(
                "forged", draft -> draft.signedBy(foreign),
                "signed-by-the-tcb-signer", draft -> draft.signedBy(INTEL.keys().tcbSigner()),
                "signature-flipped", draft -> draft.signedBy(own.altering(raw -> IntelQuoteCases.flipped(raw, 63))),
                "signature-zero", draft -> draft.signedBy(own.altering(_ -> Bytes.zeros(64))),
                "issuer-of-another-name", draft -> draft.issuer("Intel SGX PCK Server CA"),
                "without-next-update", SoftwareCrl::withoutNextUpdate,
                "without-number", SoftwareCrl::withoutNumber,
                "without-authority-key-identifier", SoftwareCrl::withoutAuthorityKeyIdentifier,
                "unknown-critical-extension", SoftwareCrl::withUnknownCriticalExtension,
                "delta", draft -> draft.withCriticalExtension(DELTA, Bytes.fromHex("020101"))));
        changes.forEach((fault, change) -> {
            var made =
                    fails("%s-crl-%s".formatted(name, fault), "The %s: %s".formatted(title, fault.replace('-', ' ')));
            var changed = change.apply(list.get());
            cases.add(name.equals("pck") ? made.pckCrl(changed) : made.rootCrl(changed));
        });
    }

    private static List<IntelCase> confused() {
        return List.of(
                fails(
                                "pck-crl-of-the-processor-ca",
                                "The Processor CA's CRL for a leaf of the Platform CA, with its chain")
                        .pckCrl(INTEL.pckCrlDraft(PckCa.PROCESSOR))
                        .brings("pck_crl_issuer_chain", INTEL.pckCrlChain(PckCa.PROCESSOR)),
                fails(
                                "pck-crl-of-the-processor-ca-without-its-chain",
                                "The Processor CA's CRL for a leaf of the Platform CA")
                        .pckCrl(INTEL.pckCrlDraft(PckCa.PROCESSOR)),
                fails("pck-crl-of-the-platform-ca", "The Platform CA's CRL for a leaf of the Processor CA")
                        .sgx()
                        .processor()
                        .pckCrl(INTEL.pckCrlDraft(CA)),
                fails("pck-crl-signed-by-the-processor-ca", "The Processor CA signed under the Platform CA's name")
                        .pckCrl(INTEL.pckCrlDraft(CA).signedBy(INTEL.keys().ca(PckCa.PROCESSOR))),
                fails("pck-crl-signed-by-the-root", "The root signed under the Platform CA's name")
                        .pckCrl(INTEL.pckCrlDraft(CA).signedBy(INTEL.keys().root())),
                fails("pck-crl-is-the-roots", "The root's CRL in place of the PCK CRL")
                        .pckCrl(INTEL.rootCrlDraft()),
                fails("root-crl-is-the-pck-crl", "The PCK CRL in place of the root's")
                        .rootCrl(INTEL.pckCrlDraft(CA)),
                fails("root-crl-signed-by-the-pck-authority", "The PCK authority signed under the root's name")
                        .rootCrl(INTEL.rootCrlDraft().signedBy(INTEL.keys().ca(CA))),
                fails("pck-crl-with-a-foreign-chain", "An empty list by a foreign authority, with its chain")
                        .pckCrl(FOREIGN.pckCrlDraft(CA))
                        .brings("pck_crl_issuer_chain", FOREIGN.pckCrlChain(CA)),
                fails("both-lists-by-a-foreign-intel", "Both lists by a complete Intel of one's own")
                        .pckCrl(FOREIGN.pckCrlDraft(CA))
                        .brings("pck_crl_issuer_chain", FOREIGN.pckCrlChain(CA))
                        .rootCrl(FOREIGN.rootCrlDraft()));
    }

    private static List<IntelCase> unreadable() {
        String noList = IntelCase.base64(Bytes.fromHex("3003020101"));
        return List.of(
                fails("pck-crl-unreadable", "What stands in place of the PCK CRL is no list")
                        .brings("pck_crl", noList),
                fails("root-crl-unreadable", "What stands in place of the root's CRL is no list")
                        .brings("root_ca_crl", noList),
                fails("pck-crl-followed-by-a-byte", "A byte follows the PCK CRL")
                        .brings(
                                "pck_crl",
                                IntelCase.base64(
                                        Bytes.concat(INTEL.pckCrlDraft(CA).der(), Bytes.zeros(1)))),
                fails("root-crl-is-a-certificate", "The root's certificate stands in place of its list")
                        .brings("root_ca_crl", IntelCase.base64(INTEL.root())));
    }

    private static List<IntelCase> absent() {
        return List.of(
                new IntelCase("pck-crl-absent-offline", "Nobody has the PCK CRL, and the service may not fetch it")
                        .lacks("pck_crl")
                        .undetermined(REVOCATION)
                        .also("tdx.tcb", "passed"),
                new IntelCase("root-crl-absent-offline", "Nobody has the root's CRL, and the service may not fetch it")
                        .lacks("root_ca_crl")
                        .undetermined(REVOCATION)
                        .also("tdx.tcb", "passed"),
                new IntelCase("crls-absent-offline", "Nobody has a CRL, and the service may not fetch any")
                        .lacks("pck_crl", "root_ca_crl")
                        .undetermined(REVOCATION)
                        .also("tdx.tcb", "passed"),
                fails("leaf-revoked-root-crl-absent", "The PCK CRL revokes the leaf, and nobody has the root's CRL")
                        .pckCrl(INTEL.pckCrlDraft(CA).revoking(INTEL.pckSerial(CA)))
                        .lacks("root_ca_crl"));
    }

    private static IntelCase fails(String name, String what) {
        return new IntelCase(name, what).onlyFails(REVOCATION);
    }
}
