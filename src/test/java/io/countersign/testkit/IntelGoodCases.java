package io.countersign.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.insecure.Pem;
import io.countersign.insecure.QuoteForm;
import io.countersign.insecure.QuoteHeaderField;
import io.countersign.insecure.SoftwareIntel;
import io.countersign.insecure.SoftwareQuote;
import io.countersign.insecure.TdField;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.PckCa;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Genuine quotes in all their forms: the shipped policy affirms each of them. */
final class IntelGoodCases {
    private static final SoftwareIntel INTEL = SoftwareIntels.trusted();
    private static final Pattern SIGNATURE = Pattern.compile("(?<=\"signature\":\")[0-9a-f]+");

    private IntelGoodCases() {}

    static List<IntelCase> all() {
        return List.of(
                good("v4", "A TD's quote, version 4"),
                good("v5-td-1.0", "A TD's quote, version 5 with the body of TDX 1.0")
                        .form(QuoteForm.TDX_10_V5),
                good("v5-td-1.5", "A TD's quote, version 5 with the body of TDX 1.5")
                        .form(QuoteForm.TDX_15_V5),
                good("v3", "An enclave's quote, version 3").sgx(),
                good("v3-processor-ca", "An enclave's quote on a machine of the Processor CA")
                        .sgx()
                        .processor(),
                good("v4", "An enclave's quote, version 4").form(QuoteForm.SGX_V4),
                good("v5", "An enclave's quote, version 5").form(QuoteForm.SGX_V5),
                good("tcb-info-version-2", "TCB info of the older form, which is for enclaves only")
                        .sgx()
                        .brings("tcb_info", INTEL.tcbInfoVersion2().json()),
                good("padded-with-70-zeros", "Zeros follow the quote, as many quoting services send it")
                        .quote(q -> q.section(s -> s.trailing(Bytes.zeros(70)))),
                good("padded-to-8000-bytes", "The quote fills a buffer of 8000 bytes")
                        .recut(quote -> quote.zeroPaddedTo(8000)),
                good("padded-to-16-kib", "The quote fills all the 16 KiB that are read")
                        .recut(quote -> quote.zeroPaddedTo(16 * 1024)),
                good("authentication-data-empty", "The quoting enclave adds nothing to its key")
                        .quote(q -> q.authenticationData(Bytes.empty())),
                good("authentication-data-zero", "The quoting enclave adds 32 zeros to its key")
                        .quote(q -> q.authenticationData(Bytes.zeros(32))),
                good("authentication-data-of-1000-bytes", "The quoting enclave adds 1000 bytes to its key")
                        .quote(q -> q.authenticationData(Bytes.fromHex("a5".repeat(1000)))),
                good("user-data-zero", "The header names no quoting enclave")
                        .quote(q -> q.header(QuoteHeaderField.USER_DATA, Bytes.zeros(20))),
                good("chain-without-its-nul", "The certificates end with their last line")
                        .quote(q -> q.certification(5, Bytes.utf8(INTEL.pckChain(PckCa.PLATFORM)))),
                good("s-negated", "n minus s in place of s: another signature of the same key, and as valid")
                        .quote(q -> q.signature(SoftwareQuote::negatingS).qeSignature(SoftwareQuote::negatingS)),
                good("statement-signature-in-capitals", "The statements' signatures are upper-case hex")
                        .tcbInfo(info -> info.document(IntelGoodCases::capitals))
                        .qeIdentity(identity -> identity.document(IntelGoodCases::capitals)),
                good("fmspc-in-lower-case", "TCB info spells the FMSPC in lower case")
                        .tcbInfo(info -> info.with(json ->
                                json.put("fmspc", json.get("fmspc").textValue().toLowerCase(Locale.ROOT)))),
                good("evaluation-numbers-one-apart", "TCB info is one evaluation ahead of the QE identity")
                        .tcbInfo(info -> info.with(json -> json.put("tcbEvaluationDataNumber", 21))),
                good("module-of-the-first-line", "A TDX module without a version of its own, and no identities listed")
                        .quote(q -> q.td(TdField.TEE_TCB_SVN, svn("050004")))
                        .tcbInfo(info -> info.with(json -> json.remove("tdxModuleIdentities"))),
                good("module-of-line-3", "TDX module of line 3").quote(q -> q.td(TdField.TEE_TCB_SVN, svn("050304"))),
                good("module-id-in-lower-case", "TCB info calls the module tdx_01")
                        .tcbInfo(
                                info -> info.with(json -> module(json, "TDX_01").put("id", "tdx_01"))),
                good(
                                "versioned-module-below-the-components",
                                "A module with a version is judged by its identity, not by the first two TDX components")
                        .quote(q -> q.td(TdField.TEE_TCB_SVN, svn("040104")))
                        .tcbInfo(info -> info.with(json -> onlyLevel(module(json, "TDX_01"), 4))),
                good("component-above-127", "A TCB component of 200, which needs a leading zero in DER")
                        .leaf(INTEL.pckDraft(PckCa.PLATFORM, extension -> extension.component(1, 200))),
                good("configuration-partly-absent", "The PCK certificate does not say whether keys are cached")
                        .leaf(INTEL.pckDraft(PckCa.PLATFORM, extension -> extension.without("7.2"))),
                good("levels-in-reverse-order", "TCB info lists its worst level first")
                        .tcbInfo(info -> info.with(json -> reverse((ArrayNode) json.get("tcbLevels")))),
                good("pck-crl-with-issuer-chain", "The PCK CRL comes with a chain of its own")
                        .brings("pck_crl_issuer_chain", INTEL.pckCrlChain(PckCa.PLATFORM)),
                good("root-crl-revoking-another-serial", "The root revoked somebody else's certificate")
                        .rootCrl(INTEL.rootCrlDraft().revoking(0x10001)),
                good("clock-skew-at-the-beginning", "TCB info, QE identity and both lists begin 60 seconds from now")
                        .tcbInfo(info -> info.with(json -> json.put("issueDate", "2026-06-01T00:01:00Z")))
                        .qeIdentity(identity -> identity.with(json -> json.put("issueDate", "2026-06-01T00:01:00Z")))
                        .pckCrl(INTEL.pckCrlDraft(PckCa.PLATFORM).thisUpdate(SoftwareAmds.AS_OF.plusSeconds(60)))
                        .rootCrl(INTEL.rootCrlDraft().thisUpdate(SoftwareAmds.AS_OF.plusSeconds(60))),
                good("certificates-end-now", "Leaf, authority and signer of TCB info are valid up to this second")
                        .chain(IntelCase.pem(INTEL.pckDraft(PckCa.PLATFORM).validUntil(SoftwareAmds.AS_OF))
                                + IntelCase.pem(INTEL.pckCaDraft(PckCa.PLATFORM).validUntil(SoftwareAmds.AS_OF))
                                + Pem.certificate(INTEL.root()))
                        .signer(INTEL.tcbSignerDraft().validUntil(SoftwareAmds.AS_OF)),
                good("statements-end-in-a-second", "TCB info, QE identity and both lists have one second left")
                        .tcbInfo(info -> info.with(json -> json.put("nextUpdate", "2026-06-01T00:00:01Z")))
                        .qeIdentity(identity -> identity.with(json -> json.put("nextUpdate", "2026-06-01T00:00:01Z")))
                        .pckCrl(INTEL.pckCrlDraft(PckCa.PLATFORM).nextUpdate(SoftwareAmds.AS_OF.plusSeconds(1)))
                        .rootCrl(INTEL.rootCrlDraft().nextUpdate(SoftwareAmds.AS_OF.plusSeconds(1))));
    }

    private static IntelCase good(String name, String what) {
        return new IntelCase(name, what).good();
    }

    /** TEE_TCB_SVN whose first bytes these are. */
    static Bytes svn(String begin) {
        return Bytes.fromHex(begin).zeroPaddedTo(16);
    }

    /** What TCB info says about a line of the TDX module. */
    static ObjectNode module(ObjectNode info, String id) {
        for (JsonNode identity : info.get("tdxModuleIdentities")) {
            if (identity.get("id").textValue().equals(id)) {
                return (ObjectNode) identity;
            }
        }
        throw new IllegalArgumentException("there is no module " + id);
    }

    /** The SVN that the best level asks for. */
    static void isvSvn(ObjectNode levelled, int svn) {
        ((ObjectNode) levelled.at("/tcbLevels/0/tcb")).put("isvsvn", svn);
    }

    private static void onlyLevel(ObjectNode levelled, int svn) {
        ArrayNode levels = (ArrayNode) levelled.get("tcbLevels");
        while (levels.size() > 1) {
            levels.remove(1);
        }
        isvSvn(levelled, svn);
    }

    private static void reverse(ArrayNode levels) {
        for (int i = 0; i < levels.size() / 2; i++) {
            JsonNode first = levels.get(i);
            levels.set(i, levels.get(levels.size() - 1 - i));
            levels.set(levels.size() - 1 - i, first);
        }
    }

    private static String capitals(String document) {
        return SIGNATURE.matcher(document).replaceAll(found -> found.group().toUpperCase(Locale.ROOT));
    }
}
