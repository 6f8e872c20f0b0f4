package io.countersign.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.insecure.IntelExtensions;
import io.countersign.insecure.IntelNames;
import io.countersign.insecure.P256Key;
import io.countersign.insecure.Pem;
import io.countersign.insecure.SgxField;
import io.countersign.insecure.SoftwareIntel;
import io.countersign.insecure.SoftwareStatement;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** TCB info and QE identities that Intel did not sign, or that speak about something else than the quote. */
final class IntelCollateralCases {
    private static final String COLLATERAL = "tdx.collateral";
    private static final PckCa CA = PckCa.PLATFORM;
    private static final SoftwareIntel INTEL = SoftwareIntels.trusted();
    private static final SoftwareIntel FOREIGN = SoftwareIntels.foreign();
    private static final String ROOT = Pem.certificate(INTEL.root());
    private static final String SIGNER = IntelCase.pem(INTEL.tcbSignerDraft());

    private static final Map<String, UnaryOperator<Bytes>> FORGED = new TreeMap<>(Map.of(
            "zero", _ -> Bytes.zeros(64),
            "r-is-the-order", raw -> Bytes.concat(P256Key.number(P256Key.ORDER), raw.slice(32, 64)),
            "in-der", P256Key::derSignature,
            "flipped", raw -> IntelQuoteCases.flipped(raw, 0),
            "empty", _ -> Bytes.empty(),
            "one-byte-longer", raw -> Bytes.concat(raw, Bytes.zeros(1))));

    private IntelCollateralCases() {}

    static List<IntelCase> all() {
        var cases = new ArrayList<IntelCase>();
        FORGED.forEach((name, change) -> {
            cases.add(fails("tcb-info-signature-" + name, "TCB info's signature: " + name.replace('-', ' '))
                    .tcbInfo(info -> info.signature(change)));
            cases.add(fails("qe-identity-signature-" + name, "The QE identity's signature: " + name.replace('-', ' '))
                    .qeIdentity(identity -> identity.signature(change)));
        });
        cases.addAll(signers());
        cases.addAll(subjects());
        cases.addAll(quotingEnclaves());
        cases.addAll(absent());
        return cases;
    }

    private static List<IntelCase> signers() {
        return List.of(
                open(
                                "collateral-self-made-with-intels-names",
                                "TCB info and QE identity by a complete Intel of one's own, its root included")
                        .brings("tcb_info", FOREIGN.tcbInfo(TeeType.TDX).json())
                        .brings("qe_identity", FOREIGN.qeIdentity(TeeType.TDX).json())
                        .signerChains(FOREIGN.signerChain()),
                fails(
                                "tcb-info-signed-by-a-foreign-signer",
                                "A foreign signer of the same name signed TCB info; the chain is genuine")
                        .tcbInfo(info -> info.signedBy(FOREIGN.keys().tcbSigner())),
                fails(
                                "qe-identity-signed-by-a-foreign-signer",
                                "A foreign signer of the same name signed the QE identity; the chain is genuine")
                        .qeIdentity(identity -> identity.signedBy(FOREIGN.keys().tcbSigner())),
                fails("tcb-info-signed-by-the-root", "The root signed TCB info itself; the chain is the signer's")
                        .tcbInfo(info -> info.signedBy(INTEL.keys().root())),
                open(
                                "signer-signed-by-a-foreign-root",
                                "A foreign root signed the signer; the root in the chain is genuine")
                        .signer(INTEL.tcbSignerDraft().signedBy(FOREIGN.keys().root())),
                open(
                                "signer-chain-with-a-foreign-root",
                                "The signer is genuine; the root beside it is another one of the same name")
                        .signerChains(SIGNER + Pem.certificate(FOREIGN.root())),
                open("signer-is-the-pck-leaf", "A machine's own PCK key signed TCB info and QE identity")
                        .tcbInfo(info -> info.signedBy(INTEL.keys().pck(CA)))
                        .qeIdentity(identity -> identity.signedBy(INTEL.keys().pck(CA)))
                        .signerChains(INTEL.pckChain(CA)),
                open(
                                "signer-is-the-pck-leaf-without-its-authority",
                                "A machine's own PCK key signed; its chain leaves out the authority")
                        .tcbInfo(info -> info.signedBy(INTEL.keys().pck(CA)))
                        .qeIdentity(identity -> identity.signedBy(INTEL.keys().pck(CA)))
                        .signerChains(IntelCase.pem(INTEL.pckDraft(CA)) + ROOT),
                open("signer-is-the-pck-authority", "The PCK authority signed TCB info and QE identity")
                        .tcbInfo(info -> info.signedBy(INTEL.keys().ca(CA)))
                        .qeIdentity(identity -> identity.signedBy(INTEL.keys().ca(CA)))
                        .signerChains(INTEL.pckCrlChain(CA)),
                open(
                                "signer-issued-by-the-pck-authority",
                                "The PCK authority issued the signer, and the root stands after it")
                        .signerChains(IntelCase.pem(INTEL.tcbSignerDraft()
                                        .issuer(CA.commonName())
                                        .signedBy(INTEL.keys().ca(CA)))
                                + ROOT),
                open("signer-common-name-of-nobody", "The signer's common name is another")
                        .signer(INTEL.tcbSignerDraft().subject("Intel SGX TCB Signer")),
                open("signer-is-an-authority", "The signer says that it is a certificate authority")
                        .signer(INTEL.tcbSignerDraft()
                                .replacing("2.5.29.19", IntelExtensions.authorityWithPathLength(0))),
                open("signer-signature-zero", "r and s of the signer's own signature are zero (CVE-2022-21449)")
                        .signer(INTEL.tcbSignerDraft()
                                .signedBy(INTEL.keys().root().altering(_ -> Bytes.zeros(64)))),
                open("signer-chain-reversed", "Root before signer").signerChains(ROOT + SIGNER),
                open("signer-chain-of-three", "A third certificate follows the root")
                        .signerChains(SIGNER + ROOT + ROOT),
                open("signer-chain-without-the-root", "Only the signer is brought")
                        .signerChains(SIGNER),
                open("signer-chain-is-no-pem", "The chains are no PEM").signerChains(IntelNames.TCB_SIGNING),
                open("tcb-info-without-issuer-chain", "TCB info is brought without a chain")
                        .lacks("tcb_info_issuer_chain"),
                open("qe-identity-without-issuer-chain", "The QE identity is brought without a chain")
                        .lacks("qe_identity_issuer_chain"));
    }

    private static List<IntelCase> subjects() {
        return List.of(
                fails("tcb-info-for-enclaves", "TCB info of the same machine with the id SGX, genuinely signed")
                        .brings("tcb_info", INTEL.tcbInfo(TeeType.SGX).json()),
                fails("tcb-info-for-tds", "TCB info of the same machine with the id TDX, genuinely signed")
                        .sgx()
                        .brings("tcb_info", INTEL.tcbInfo(TeeType.TDX).json()),
                fails("tcb-info-version-2", "TCB info of the older form, which is for enclaves only")
                        .brings("tcb_info", INTEL.tcbInfoVersion2().json()),
                info("tcb-info-id-unknown", "TCB info with the id TDX2", json -> json.put("id", "TDX2")),
                info("tcb-info-id-missing", "TCB info without an id", json -> json.remove("id")),
                info("tcb-info-version-4", "TCB info of version 4", json -> json.put("version", 4)),
                info(
                        "tcb-info-of-another-family",
                        "TCB info of another FMSPC",
                        json -> json.put("fmspc", "B0C06F000000")),
                info("tcb-info-of-another-pce", "TCB info of another PCE id", json -> json.put("pceId", "0001")),
                info(
                        "tcb-type-unknown",
                        "TCB info whose levels are compared in another way",
                        json -> json.put("tcbType", 1)),
                fails("leaf-of-another-family", "The PCK certificate names another FMSPC than TCB info")
                        .leaf(INTEL.pckDraft(CA, e -> e.fmspc(Bytes.fromHex("b0c06f000000")))),
                fails("leaf-of-another-pce", "The PCK certificate names another PCE id than TCB info")
                        .leaf(INTEL.pckDraft(CA, e -> e.pceId(Bytes.fromHex("0001")))),
                fails("qe-identity-for-enclaves", "The identity of the enclaves' QE for a TD's quote, genuinely signed")
                        .brings("qe_identity", INTEL.qeIdentity(TeeType.SGX).json()),
                fails("qe-identity-for-tds", "The identity of the TDs' QE for an enclave's quote, genuinely signed")
                        .sgx()
                        .brings("qe_identity", INTEL.qeIdentity(TeeType.TDX).json()),
                identity(
                        "qe-identity-of-the-verifying-enclave",
                        "The identity has the id QVE",
                        json -> json.put("id", "QVE")),
                identity("qe-identity-version-1", "A QE identity of version 1", json -> json.put("version", 1)),
                fails("qe-identity-in-place-of-tcb-info", "The two statements are brought in each other's place")
                        .brings("tcb_info", INTEL.qeIdentity(TeeType.TDX).json())
                        .brings("qe_identity", INTEL.tcbInfo(TeeType.TDX).json()));
    }

    /** CVE-2026-22696: any enclave that a PCK signs could act as quoting enclave where this is not checked. */
    private static List<IntelCase> quotingEnclaves() {
        return List.of(
                enclave(
                        "qe-of-another-signer",
                        "A genuine enclave that is not Intel's vouches for the key",
                        SgxField.MRSIGNER,
                        "ab".repeat(32)),
                enclave(
                        "qe-of-another-product",
                        "Another enclave of Intel's vouches for the key",
                        SgxField.ISVPRODID,
                        "0300"),
                enclave(
                        "qe-miscselect-set",
                        "The QE's MISCSELECT is not what the identity asks for",
                        SgxField.MISCSELECT,
                        "01000000"),
                enclave(
                        "qe-without-provision-key",
                        "The QE's attributes lack PROVISIONKEY",
                        SgxField.ATTRIBUTES,
                        "0500000000000000e700000000000000"),
                enclave(
                        "qe-with-launch-key",
                        "The QE's attributes have EINITTOKENKEY besides",
                        SgxField.ATTRIBUTES,
                        "3500000000000000e700000000000000"),
                fails(
                                "qe-of-another-signer-with-a-forged-identity",
                                "An identity of one's own makes room for an enclave of one's own")
                        .quote(q -> q.qe(SgxField.MRSIGNER, Bytes.fromHex("ab".repeat(32))))
                        .qeIdentity(identity -> identity.with(json -> json.put("mrsigner", "AB".repeat(32)))
                                .signedBy(FOREIGN.keys().tcbSigner())),
                fails("enclaves-qe-for-a-td", "The enclaves' QE made a TD's quote")
                        .quote(q -> q.qe(
                                        SgxField.MRSIGNER,
                                        Bytes.fromHex(
                                                "8c4f5775d796503e96137f77c68a829a0056ac8ded70140b081b094490c57bff"))
                                .qe(SgxField.ISVPRODID, Bytes.fromHex("0100"))));
    }

    private static List<IntelCase> absent() {
        return List.of(
                new IntelCase("tcb-info-absent-offline", "Nobody has TCB info, and the service may not fetch it")
                        .lacks("tcb_info", "tcb_info_issuer_chain")
                        .undetermined(COLLATERAL),
                new IntelCase(
                                "qe-identity-absent-offline",
                                "Nobody has the QE identity, and the service may not fetch it")
                        .lacks("qe_identity", "qe_identity_issuer_chain")
                        .undetermined(COLLATERAL),
                new IntelCase(
                                "everything-absent-offline",
                                "Nothing is brought beside the quote, and the service may not fetch anything")
                        .bringsNothing()
                        .undetermined(COLLATERAL)
                        .also("tdx.revocation", "undetermined"),
                new IntelCase("everything-absent-offline", "Nothing is brought beside an enclave's quote")
                        .sgx()
                        .bringsNothing()
                        .undetermined(COLLATERAL)
                        .also("tdx.revocation", "undetermined"));
    }

    private static IntelCase info(String name, String what, Consumer<ObjectNode> change) {
        return fails(name, what).tcbInfo(statement -> statement.with(change));
    }

    private static IntelCase identity(String name, String what, Consumer<ObjectNode> change) {
        return fails(name, what).qeIdentity((SoftwareStatement statement) -> statement.with(change));
    }

    private static IntelCase enclave(String name, String what, SgxField field, String hex) {
        return fails(name, what).quote(q -> q.qe(field, Bytes.fromHex(hex)));
    }

    /** Whether the signer may be looked up in the root's list is open. */
    private static IntelCase open(String name, String what) {
        return new IntelCase(name, what)
                .fails(
                        COLLATERAL,
                        "tdx.format",
                        "tdx.quote-signature",
                        "tdx.qe-report",
                        "tdx.pck-chain",
                        "tdx.binding");
    }

    private static IntelCase fails(String name, String what) {
        return new IntelCase(name, what).onlyFails(COLLATERAL);
    }
}
