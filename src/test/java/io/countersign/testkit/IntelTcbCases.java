package io.countersign.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.insecure.QuoteForm;
import io.countersign.insecure.SgxField;
import io.countersign.insecure.SoftwareIntel;
import io.countersign.insecure.SoftwareQuote;
import io.countersign.insecure.SoftwareSgxExtension;
import io.countersign.insecure.SoftwareStatement;
import io.countersign.insecure.TdField;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Genuine machines that Intel does not call up to date, each branch of the verdict. */
final class IntelTcbCases {
    private static final String NOT_SUPPORTED = "TCB_LEVEL_NOT_SUPPORTED";
    private static final String MISMATCH = "TDX_MODULE_MISMATCH";
    private static final PckCa CA = PckCa.PLATFORM;
    private static final SoftwareIntel INTEL = SoftwareIntels.trusted();

    private IntelTcbCases() {}

    static List<IntelCase> all() {
        var cases = new ArrayList<IntelCase>();
        cases.addAll(platforms());
        cases.addAll(modules());
        cases.addAll(relaunches());
        cases.addAll(quotingEnclaves());
        return cases;
    }

    private static List<IntelCase> platforms() {
        var cases = new ArrayList<IntelCase>();
        for (String status : List.of(
                "SWHardeningNeeded",
                "ConfigurationNeeded",
                "ConfigurationAndSWHardeningNeeded",
                "OutOfDate",
                "OutOfDateConfigurationNeeded",
                "Revoked")) {
            String name = "status" + status.replaceAll("([A-Z]+)", "-$1").toLowerCase(java.util.Locale.ROOT);
            cases.add(behind(name, "Intel says %s of this TCB level".formatted(status), status)
                    .tcbInfo(platform(status)));
            cases.add(behind(name, "Intel says %s of this TCB level".formatted(status), status)
                    .sgx()
                    .brings(
                            "tcb_info",
                            platform(status).apply(INTEL.tcbInfo(TeeType.SGX)).json()));
        }
        cases.addAll(List.of(
                behind(
                                "microcode-behind",
                                "The early microcode of the PCK certificate is one level behind",
                                "OutOfDate")
                        .leaf(leaf(e -> e.component(1, 3))),
                behind(
                                "microcode-behind",
                                "The early microcode of the PCK certificate is one level behind",
                                "OutOfDate")
                        .sgx()
                        .leaf(leaf(e -> e.component(1, 3))),
                behind("pce-behind", "The PCE's SVN in the PCK certificate is that of 2018", "OutOfDate")
                        .leaf(leaf(e -> e.pceSvn(5))),
                behind("late-microcode-behind", "TEE_TCB_SVN names a late microcode one level behind", "OutOfDate")
                        .quote(svn("0b0103")),
                behind(
                                "platform-behind-with-a-current-module",
                                "The module is up to date and the platform is not: one does not heal the other",
                                "OutOfDate")
                        .quote(svn("0c0104"))
                        .leaf(leaf(e -> e.component(1, 3))),
                behind("component-below-every-level", "A TCB component is older than anything listed", NOT_SUPPORTED)
                        .leaf(leaf(e -> e.component(3, 1))),
                behind("component-below-every-level", "A TCB component is older than anything listed", NOT_SUPPORTED)
                        .sgx()
                        .leaf(leaf(e -> e.component(3, 1))),
                behind(
                                "last-component-below-every-level",
                                "The last TCB component is older than anything listed",
                                NOT_SUPPORTED)
                        .tcbInfo(info -> info.with(json -> json.get("tcbLevels")
                                .forEach(level -> ((ObjectNode) level.at("/tcb/sgxtcbcomponents/15")).put("svn", 1)))),
                behind("pce-below-every-level", "The PCE's SVN is older than anything listed", NOT_SUPPORTED)
                        .leaf(leaf(e -> e.pceSvn(4))),
                behind(
                                "late-microcode-below-every-level",
                                "The late microcode is older than anything listed",
                                NOT_SUPPORTED)
                        .quote(svn("0b0102")),
                behind("tee-tcb-svn-zero", "TEE_TCB_SVN is zero", NOT_SUPPORTED).quote(svn("00")),
                behind(
                                "first-line-module-below-the-components",
                                "A module without a version, older than the TDX components ask for",
                                NOT_SUPPORTED)
                        .quote(svn("040004"))));
        return cases;
    }

    private static List<IntelCase> modules() {
        return List.of(
                behind("module-behind", "The TDX module is one level behind", "OutOfDate")
                        .quote(svn("060104")),
                behind("module-just-below-the-level", "The TDX module lacks one SVN to the best level", "OutOfDate")
                        .quote(svn("0a0104")),
                behind("module-below-every-level", "The TDX module is older than anything listed", NOT_SUPPORTED)
                        .quote(svn("030104")),
                behind(
                                "module-wanted-at-267",
                                "Intel asks for a module SVN of 267, whose last byte is the 11 that there is",
                                "OutOfDate")
                        .tcbInfo(info ->
                                info.with(json -> IntelGoodCases.isvSvn(IntelGoodCases.module(json, "TDX_01"), 267))),
                behind("module-revoked", "Intel says Revoked of this TDX module", "Revoked")
                        .tcbInfo(module("Revoked")),
                behind(
                                "module-behind-and-hardening-needed",
                                "The module is behind, the platform needs hardening",
                                "OutOfDate")
                        .quote(svn("060104"))
                        .tcbInfo(platform("SWHardeningNeeded")),
                behind(
                                "module-behind-and-configuration-needed",
                                "The module is behind, the platform needs configuration",
                                "OutOfDateConfigurationNeeded")
                        .quote(svn("060104"))
                        .tcbInfo(platform("ConfigurationNeeded")),
                behind(
                                "module-behind-and-both-needed",
                                "The module is behind, the platform needs configuration and hardening",
                                "OutOfDateConfigurationNeeded")
                        .quote(svn("060104"))
                        .tcbInfo(platform("ConfigurationAndSWHardeningNeeded")),
                behind("module-behind-and-platform-revoked", "The module is behind, the platform revoked", "Revoked")
                        .quote(svn("060104"))
                        .tcbInfo(platform("Revoked")),
                behind("module-line-unknown", "TCB info does not know TDX modules of line 2", MISMATCH)
                        .quote(svn("0b0204")),
                behind(
                                "module-identities-missing",
                                "TCB info lists no module identities, and the module has a version",
                                MISMATCH)
                        .tcbInfo(info -> info.with(json -> json.remove("tdxModuleIdentities"))),
                behind("module-of-another-signer", "Intel did not sign the TDX module", MISMATCH)
                        .quote(q -> q.td(TdField.MRSIGNERSEAM, Bytes.fromHex("ab".repeat(48)))),
                behind(
                                "module-of-the-first-line-of-another-signer",
                                "Intel did not sign the TDX module of the first line",
                                MISMATCH)
                        .quote(q -> svn("050004").apply(q).td(TdField.MRSIGNERSEAM, Bytes.fromHex("ab".repeat(48)))),
                behind("module-signer-differs-by-its-last-bit", "MRSIGNERSEAM is zero but for its last bit", MISMATCH)
                        .quote(q -> q.td(TdField.MRSIGNERSEAM, Bytes.concat(Bytes.zeros(47), Bytes.fromHex("01")))),
                behind("seam-attributes-set", "SEAMATTRIBUTES has a bit set", MISMATCH)
                        .quote(q -> q.td(TdField.SEAMATTRIBUTES, Bytes.fromHex("0100000000000000"))),
                behind(
                                "seam-attributes-set-outside-the-mask",
                                "SEAMATTRIBUTES has a bit set that TCB info's mask leaves out",
                                MISMATCH)
                        .quote(q -> q.td(TdField.SEAMATTRIBUTES, Bytes.fromHex("0000000000000080")))
                        .tcbInfo(info -> info.with(json ->
                                IntelGoodCases.module(json, "TDX_01").put("attributesMask", "0000000000000000"))));
    }

    /** TEE_TCB_SVN is of the launch, TEE_TCB_SVN_2 of now: bodies of TDX 1.5 only. */
    private static List<IntelCase> relaunches() {
        return List.of(
                relaunch(
                        "relaunch-advised",
                        "The module was updated after the TD was launched",
                        "TDRelaunchAdvised",
                        "0b0104"),
                relaunch(
                        "relaunch-advised-other-line",
                        "The module was updated to a newer line after the TD was launched",
                        "TDRelaunchAdvised",
                        "050304"),
                relaunch(
                        "relaunch-advised-first-line",
                        "The module now has no version of its own, and is up to date",
                        "TDRelaunchAdvised",
                        "050004"),
                relaunch(
                                "relaunch-advised-configuration-needed",
                                "The module was updated after launch, and the platform needs configuration",
                                "TDRelaunchAdvisedConfigurationNeeded",
                                "0b0104")
                        .tcbInfo(platform("ConfigurationNeeded")),
                relaunch(
                                "relaunch-advised-hardening-needed",
                                "The module was updated after launch, and the platform needs hardening",
                                "TDRelaunchAdvised",
                                "0b0104")
                        .tcbInfo(platform("SWHardeningNeeded")),
                relaunch("relaunch-without-update", "The module is behind, at launch and now", "OutOfDate", "060104"),
                relaunch(
                        "relaunch-update-too-old",
                        "The module was updated after launch, not far enough",
                        "OutOfDate",
                        "0a0104"),
                relaunch(
                        "relaunch-late-microcode-behind",
                        "The module was updated after launch; the late microcode is behind",
                        "OutOfDate",
                        "0b0103"),
                relaunch(
                        "relaunch-line-unknown",
                        "The module now is of a line that TCB info does not know",
                        MISMATCH,
                        "0b0204"),
                relaunch(
                                "relaunch-platform-behind",
                                "The module was updated after launch, and the platform is behind all the same",
                                "OutOfDate",
                                "0b0104")
                        .leaf(leaf(e -> e.component(1, 3))),
                relaunch(
                                "relaunch-quoting-enclave-behind",
                                "The module was updated after launch, and the quoting enclave is behind",
                                "OutOfDate",
                                "0b0104")
                        .qeIdentity(qe("OutOfDate")));
    }

    private static List<IntelCase> quotingEnclaves() {
        return List.of(
                behind("qe-behind", "The quoting enclave is behind", "OutOfDate")
                        .qeIdentity(qe("OutOfDate")),
                behind("qe-behind-by-its-svn", "The quoting enclave of an enclave's quote is of 2021", "OutOfDate")
                        .sgx()
                        .quote(q -> q.qe(SgxField.ISVSVN, Bytes.fromHex("0700"))),
                behind("qe-revoked", "Intel says Revoked of this quoting enclave", "Revoked")
                        .qeIdentity(qe("Revoked")),
                behind(
                                "qe-behind-and-configuration-needed",
                                "The quoting enclave is behind, the platform needs configuration",
                                "OutOfDateConfigurationNeeded")
                        .qeIdentity(qe("OutOfDate"))
                        .tcbInfo(platform("ConfigurationNeeded")),
                behind("qe-below-every-level", "The quoting enclave is older than anything listed", NOT_SUPPORTED)
                        .quote(q -> q.qe(SgxField.ISVSVN, Bytes.fromHex("0300"))),
                behind("qe-below-every-level", "The quoting enclave is older than anything listed", NOT_SUPPORTED)
                        .sgx()
                        .quote(q -> q.qe(SgxField.ISVSVN, Bytes.fromHex("0500"))));
    }

    private static IntelCase behind(String name, String what, String status) {
        return new IntelCase(name, what).behind(status);
    }

    private static IntelCase relaunch(String name, String what, String status, String now) {
        return behind(name, what, status)
                .form(QuoteForm.TDX_15_V5)
                .quote(q -> svn("060104").apply(q).td(TdField.TEE_TCB_SVN_2, IntelGoodCases.svn(now)));
    }

    private static UnaryOperator<SoftwareQuote> svn(String begin) {
        return q -> q.td(TdField.TEE_TCB_SVN, IntelGoodCases.svn(begin));
    }

    private static io.countersign.insecure.SoftwareCertificate leaf(UnaryOperator<SoftwareSgxExtension> change) {
        return INTEL.pckDraft(CA, change);
    }

    private static UnaryOperator<SoftwareStatement> platform(String status) {
        return info -> info.with(json -> ((ObjectNode) json.at("/tcbLevels/0")).put("tcbStatus", status));
    }

    private static UnaryOperator<SoftwareStatement> module(String status) {
        return info -> info.with(json ->
                ((ObjectNode) IntelGoodCases.module(json, "TDX_01").at("/tcbLevels/0")).put("tcbStatus", status));
    }

    private static UnaryOperator<SoftwareStatement> qe(String status) {
        return identity -> identity.with(json -> ((ObjectNode) json.at("/tcbLevels/0")).put("tcbStatus", status));
    }
}
