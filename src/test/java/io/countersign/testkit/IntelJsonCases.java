package io.countersign.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.insecure.SoftwareIntel;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Statements whose text is not what Intel's signer signs, and such that say too little, too much or nonsense. */
final class IntelJsonCases {
    private static final SoftwareIntel INTEL = SoftwareIntels.trusted();
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private IntelJsonCases() {}

    static List<IntelCase> all() {
        var cases = new ArrayList<IntelCase>();
        cases.addAll(documents());
        cases.addAll(texts());
        cases.addAll(numbers());
        cases.addAll(members());
        return cases;
    }

    /** Changes after signing. */
    private static List<IntelCase> documents() {
        return List.of(
                document(
                        "tcb-info-pretty-printed",
                        "TCB info was pretty-printed after signing",
                        json -> json.replace(",\"", ", \"")),
                document(
                        "tcb-info-members-reordered",
                        "fmspc and pceId changed places after signing",
                        json -> json.replace(
                                "\"fmspc\":\"C0DE00000000\",\"pceId\":\"0000\"",
                                "\"pceId\":\"0000\",\"fmspc\":\"C0DE00000000\"")),
                document(
                        "tcb-info-status-improved",
                        "The second level's status became UpToDate after signing",
                        json -> json.replace("\"OutOfDate\"", "\"UpToDate\"")),
                document(
                        "tcb-info-wrapped-twice",
                        "A second tcbInfo precedes the signed one",
                        json -> "{\"tcbInfo\":{}," + json.substring(1)),
                document(
                        "tcb-info-second-statement",
                        "A second tcbInfo follows the signed one",
                        json -> json.replace(",\"signature\"", ",\"tcbInfo\":{},\"signature\"")),
                document(
                        "tcb-info-second-signature",
                        "The signature stands there twice",
                        json -> json.replaceFirst(",\"signature\":\"[0-9a-f]*\"", "$0$0")),
                document(
                        "tcb-info-without-signature",
                        "TCB info without a signature",
                        json -> json.replaceFirst(",\"signature\":\"[0-9a-f]*\"", "")),
                document(
                        "tcb-info-signature-is-a-number",
                        "The signature is a number",
                        json -> json.replaceFirst("\"signature\":\"[0-9a-f]*\"", "\"signature\":1")),
                document(
                        "tcb-info-signature-with-a-letter-g",
                        "The signature is no hex",
                        json -> json.replaceFirst("\"signature\":\"..", "\"signature\":\"gg")),
                document(
                        "tcb-info-without-its-wrapper",
                        "Only the signed part of TCB info is brought",
                        json -> json.substring(11, json.lastIndexOf(",\"signature\""))),
                document("tcb-info-followed-by-text", "Text follows TCB info", json -> json + "{}"),
                document(
                        "tcb-info-cut-off",
                        "TCB info ends in the middle",
                        json -> json.substring(0, json.length() / 2)),
                document("tcb-info-is-an-array", "TCB info is a JSON array", _ -> "[]"),
                document("tcb-info-is-an-empty-object", "TCB info is an empty object", _ -> "{}"),
                document("tcb-info-is-text", "TCB info is no JSON", _ -> "404 Not Found"),
                document("tcb-info-nested-10000-deep", "TCB info is an array in an array, ten thousand times", _ -> "["
                        .repeat(10_000)),
                document(
                        "tcb-info-is-null",
                        "The signed part of TCB info is null",
                        json -> "{\"tcbInfo\":null" + json.substring(json.lastIndexOf(",\"signature\""))),
                new IntelCase("qe-identity-members-reordered", "Two members changed places after signing")
                        .qeIdentity(identity -> identity.document(json ->
                                json.replace("\"id\":\"TD_QE\",\"version\":2", "\"version\":2,\"id\":\"TD_QE\"")))
                        .onlyFails("tdx.collateral"),
                new IntelCase("qe-identity-cut-off", "The QE identity ends in the middle")
                        .qeIdentity(identity -> identity.document(json -> json.substring(0, json.length() / 2)))
                        .onlyFails("tdx.collateral"));
    }

    /** Changes that are signed: what comes out is genuinely Intel's, and no JSON of one meaning. */
    private static List<IntelCase> texts() {
        return List.of(
                text(
                        "tcb-info-status-twice",
                        "A level has two statuses, the better one last",
                        json -> json.replaceFirst("\"tcbStatus\":\"OutOfDate\"", "$0,\"tcbStatus\":\"UpToDate\"")),
                text(
                        "tcb-info-fmspc-twice",
                        "TCB info names two families, the right one last",
                        json -> json.replace("\"fmspc\":", "\"fmspc\":\"B0C06F000000\",\"fmspc\":")),
                text(
                        "tcb-info-fmspc-twice-by-an-escape",
                        "TCB info names two families, one of them under an escaped name",
                        json -> json.replace("\"fmspc\":", "\"\\u0066mspc\":\"B0C06F000000\",\"fmspc\":")),
                text(
                        "tcb-info-with-a-comment",
                        "A comment stands in TCB info",
                        json -> json.replaceFirst(",", ",/* as of today */")),
                text(
                        "tcb-info-with-single-quotes",
                        "A name in TCB info stands in single quotes",
                        json -> json.replace("\"version\"", "'version'")),
                text(
                        "tcb-info-with-a-trailing-comma",
                        "A comma precedes the last brace",
                        json -> json.substring(0, json.length() - 1) + ",}"),
                text(
                        "qe-identity-svn-twice",
                        "A level asks for two SVNs",
                        json -> json.replaceFirst("\"isvsvn\":4", "\"isvsvn\":9,\"isvsvn\":4"),
                        true));
    }

    private static List<IntelCase> numbers() {
        var cases = new ArrayList<IntelCase>();
        var svns = List.of(
                "-1", "256", "260", "1.5", "4.0", "4e0", "\"4\"", "null", "true", "[4]", "99999999999999999999", "");
        var names = List.of(
                "minus-one",
                "256",
                "260",
                "one-and-a-half",
                "4-point-0",
                "4e0",
                "in-quotes",
                "null",
                "true",
                "in-brackets",
                "of-20-digits",
                "absent");
        for (int i = 0; i < svns.size(); i++) {
            String svn = svns.get(i);
            String written = svn.isEmpty() ? "{\"category\"" : "{\"svn\":" + svn + ",\"category\"";
            String shown = svn.isEmpty() ? "nothing" : svn;
            cases.add(text(
                    "component-svn-" + names.get(i),
                    "The first component's SVN is " + shown,
                    json -> json.replaceFirst(
                            "\\{\"svn\":4,\"category\"", java.util.regex.Matcher.quoteReplacement(written))));
        }
        cases.add(text(
                "tcb-info-pce-svn-above-65535",
                "A level asks for a PCE SVN of 65547",
                json -> json.replaceFirst("\"pcesvn\":11", "\"pcesvn\":65547")));
        cases.add(text(
                "qe-isvsvn-negative",
                "The QE's level asks for an SVN of -4",
                json -> json.replaceFirst("\"isvsvn\":4", "\"isvsvn\":-4"),
                true));
        cases.add(text(
                "version-in-quotes",
                "TCB info's version is text",
                json -> json.replaceFirst("\"version\":3", "\"version\":\"3\"")));
        return cases;
    }

    private static List<IntelCase> members() {
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
        return member.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
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

    private static IntelCase document(String name, String what, UnaryOperator<String> change) {
        return new IntelCase(name, what).tcbInfo(info -> info.document(change)).onlyFails("tdx.collateral");
    }

    private static IntelCase text(String name, String what, UnaryOperator<String> change) {
        return text(name, what, change, false);
    }

    private static IntelCase text(String name, String what, UnaryOperator<String> change, boolean ofQeIdentity) {
        var made = new IntelCase(name, what).onlyFails("tdx.collateral");
        return ofQeIdentity
                ? made.qeIdentity(identity -> identity.text(change))
                : made.tcbInfo(info -> info.text(change));
    }
}
