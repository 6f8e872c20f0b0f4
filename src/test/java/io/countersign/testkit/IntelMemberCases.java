package io.countersign.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.insecure.SoftwareIntel;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Statements that Intel's signer signed and that say too little, too much or what nobody can read. */
final class IntelMemberCases {
    private static final SoftwareIntel INTEL = SoftwareIntels.trusted();
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private IntelMemberCases() {}

    static List<IntelCase> all() {
        var cases = new ArrayList<IntelCase>();
        for (String member : List.of(
                "version",
                "issueDate",
                "nextUpdate",
                "fmspc",
                "pceId",
                "tcbEvaluationDataNumber",
                "tdxModule",
                "tcbLevels")) {
            cases.add(info(
                    "tcb-info-without-" + kebab(member), "TCB info without " + member, json -> json.remove(member)));
        }
        for (String member :
                List.of("id", "version", "nextUpdate", "attributesMask", "mrsigner", "isvprodid", "tcbLevels")) {

            cases.add(new IntelCase("qe-identity-without-" + kebab(member), "A QE identity without " + member)
                    .qeIdentity(identity -> identity.with(json -> json.remove(member)))
                    .onlyFails("tdx.collateral"));
        }
        cases.addAll(List.of(
                info("sgx-components-15", "A level has 15 SGX components", json -> components(json, "sgxtcbcomponents")
                        .remove(15)),
                info("sgx-components-17", "A level has 17 SGX components", json -> components(json, "sgxtcbcomponents")
                        .addObject()
                        .put("svn", 0)),
                info("sgx-components-missing", "A level has no SGX components", json -> tcb(json)
                        .remove("sgxtcbcomponents")),
                info("sgx-components-empty", "A level's list of SGX components is empty", json -> components(
                                json, "sgxtcbcomponents")
                        .removeAll()),
                info("tdx-components-15", "A level has 15 TDX components", json -> components(json, "tdxtcbcomponents")
                        .remove(15)),
                info("tdx-components-17", "A level has 17 TDX components", json -> components(json, "tdxtcbcomponents")
                        .addObject()
                        .put("svn", 0)),
                info("tdx-components-missing", "A level has no TDX components", json -> tcb(json)
                        .remove("tdxtcbcomponents")),
                info("tcb-info-pce-svn-missing", "A level asks for no PCE SVN", json -> tcb(json)
                        .remove("pcesvn")),
                info("status-missing", "A level has no status", json -> level(json)
                        .remove("tcbStatus")),
                info("status-unknown", "A level's status is a word that nobody knows", json -> level(json)
                        .put("tcbStatus", "MostlyFine")),
                info("status-in-lower-case", "A level's status is uptodate", json -> level(json)
                        .put("tcbStatus", "uptodate")),
                info(
                        "status-unknown-further-down",
                        "The last level's status is a word that nobody knows",
                        json -> ((ObjectNode) json.at("/tcbLevels/2")).put("tcbStatus", "Fine")),
                info("level-twice", "The best level stands there twice, with two statuses", json -> ((ArrayNode)
                                json.get("tcbLevels"))
                        .add(level(json).deepCopy().put("tcbStatus", "OutOfDate"))),
                info(
                        "module-status-unknown",
                        "A module's status is SWHardeningNeeded, which modules cannot have",
                        json -> ((ObjectNode)
                                        IntelGoodCases.module(json, "TDX_01").at("/tcbLevels/0"))
                                .put("tcbStatus", "SWHardeningNeeded")),
                info(
                        "issue-date-is-no-time",
                        "TCB info was issued on a date without a time",
                        json -> json.put("issueDate", "2026-05-31")),
                info("issue-date-is-text", "TCB info was issued yesterday", json -> json.put("issueDate", "yesterday")),
                info(
                        "tcb-info-fmspc-of-5-bytes",
                        "TCB info names an FMSPC of 5 bytes",
                        json -> json.put("fmspc", "C0DE000000")),
                info(
                        "tcb-info-fmspc-is-no-hex",
                        "TCB info names an FMSPC with a letter g",
                        json -> json.put("fmspc", "C0DE0000000G")),
                info("module-signer-of-47-bytes", "TCB info names a module signer of 47 bytes", json -> ((ObjectNode)
                                json.get("tdxModule"))
                        .put("mrsigner", "00".repeat(47))),
                info(
                        "levels-are-an-object",
                        "tcbLevels is an object",
                        json -> json.set("tcbLevels", JSON.objectNode())),
                new IntelCase("tcb-info-version-2-components-15", "TCB info of the older form lacks its last component")
                        .sgx()
                        .brings(
                                "tcb_info",
                                INTEL.tcbInfoVersion2()
                                        .with(json ->
                                                ((ObjectNode) json.at("/tcbLevels/0/tcb")).remove("sgxtcbcomp16svn"))
                                        .json())
                        .onlyFails("tdx.collateral"),
                new IntelCase("sgx-components-15", "A level of an enclave's TCB info has 15 components")
                        .sgx()
                        .brings(
                                "tcb_info",
                                INTEL.tcbInfo(TeeType.SGX)
                                        .with(json -> components(json, "sgxtcbcomponents")
                                                .remove(15))
                                        .json())
                        .onlyFails("tdx.collateral")));
        return cases;
    }

    private static String kebab(String member) {
        return member.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static ObjectNode level(JsonNode info) {
        return (ObjectNode) info.at("/tcbLevels/0");
    }

    private static ObjectNode tcb(JsonNode info) {
        return (ObjectNode) level(info).get("tcb");
    }

    private static ArrayNode components(JsonNode info, String kind) {
        return (ArrayNode) tcb(info).get(kind);
    }

    private static IntelCase info(String name, String what, Consumer<ObjectNode> change) {
        return new IntelCase(name, what).tcbInfo(info -> info.with(change)).onlyFails("tdx.collateral");
    }
}
