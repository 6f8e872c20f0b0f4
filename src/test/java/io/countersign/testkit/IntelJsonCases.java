package io.countersign.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Statements whose text is not what Intel's signer signs, or is no JSON of one meaning. */
final class IntelJsonCases {
    private IntelJsonCases() {}

    static List<IntelCase> all() {
        var cases = new ArrayList<IntelCase>();
        cases.addAll(documents());
        cases.addAll(texts());
        cases.addAll(numbers());
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
