package io.countersign.insecure;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.countersign.verifier.trust.Window;
import java.util.List;
import java.util.Locale;

/**
 * What Intel says about the laboratory's machine and its quoting enclaves, in the members, order and spelling of its
 * service. Intel PCS API, version 4, "Get TCB Info" and "Get Quoting Enclave Identity".
 */
final class IntelStatements {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int EVALUATION = 20;
    private static final String CURRENT = "2025-08-13T00:00:00Z";
    private static final String OLDER = "2025-05-14T00:00:00Z";
    private static final String OLDEST = "2024-03-13T00:00:00Z";
    private static final List<Integer> OLDER_SGX = List.of(3, 3, 2, 2, 4, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Labels of the TCB components by index: category, and type where there is one. */
    private static final List<List<String>> SGX_LABELS = List.of(
            List.of("BIOS", "Early Microcode Update"),
            List.of("OS/VMM", "SGX Late Microcode Update"),
            List.of("OS/VMM", "TXT SINIT"),
            List.of("BIOS"),
            List.of("BIOS"),
            List.of("BIOS"),
            List.of(),
            List.of("OS/VMM", "SEAMLDR ACM"));

    private static final List<List<String>> TDX_LABELS = List.of(
            List.of("OS/VMM", "TDX Module"),
            List.of("OS/VMM", "TDX Module"),
            List.of("OS/VMM", "TDX Late Microcode Update"));

    private IntelStatements() {}

    static ObjectNode tcbInfo(TeeType tee, Window window) {
        var info = JSON.objectNode().put("id", tee.name()).put("version", 3);
        issued(info, window).put("tcbType", 0).put("tcbEvaluationDataNumber", EVALUATION);
        if (tee == TeeType.TDX) {
            info.set("tdxModule", module(JSON.objectNode()));
            var third = module(JSON.objectNode().put("id", "TDX_03"));
            third.putArray("tcbLevels")
                    .add(isvLevel(5, CURRENT, "UpToDate"))
                    .add(isvLevel(3, OLDER, "OutOfDate", "INTEL-SA-01245", "INTEL-SA-01312"));
            var first = module(JSON.objectNode().put("id", "TDX_01"));
            first.putArray("tcbLevels")
                    .add(isvLevel(11, CURRENT, "UpToDate"))
                    .add(isvLevel(6, OLDER, "OutOfDate", "INTEL-SA-01192", "INTEL-SA-01245"))
                    .add(isvLevel(4, OLDEST, "OutOfDate", "INTEL-SA-01036", "INTEL-SA-01192"));
            info.putArray("tdxModuleIdentities").add(third).add(first);
        }
        info.putArray("tcbLevels")
                .add(level(tee, IntelMachine.SGX_COMPONENTS, 11, 4, CURRENT, "UpToDate"))
                .add(level(tee, OLDER_SGX, 11, 3, OLDER, "OutOfDate", "INTEL-SA-01192", "INTEL-SA-01313"))
                .add(level(tee, OLDER_SGX, 5, 3, "2018-01-04T00:00:00Z", "OutOfDate", "INTEL-SA-00106"));
        return info;
    }

    /** The form of the service's version 3, which has SGX only and no advisories. */
    static ObjectNode tcbInfoVersion2(Window window) {
        var info = issued(JSON.objectNode().put("version", 2), window)
                .put("tcbType", 0)
                .put("tcbEvaluationDataNumber", EVALUATION);
        info.putArray("tcbLevels")
                .add(level2(IntelMachine.SGX_COMPONENTS, CURRENT, "UpToDate"))
                .add(level2(OLDER_SGX, OLDER, "OutOfDate"));
        return info;
    }

    static ObjectNode qeIdentity(TeeType tee, Window window) {
        var identity = JSON.objectNode()
                .put("id", tee == TeeType.TDX ? "TD_QE" : "QE")
                .put("version", 2)
                .put("issueDate", window.notBefore().toString())
                .put("nextUpdate", window.notAfter().toString())
                .put("tcbEvaluationDataNumber", EVALUATION)
                .put("miscselect", "00000000")
                .put("miscselectMask", "FFFFFFFF")
                .put("attributes", "11000000000000000000000000000000")
                .put("attributesMask", "FBFFFFFFFFFFFFFF0000000000000000")
                .put("mrsigner", upper(SoftwareEnclave.qeSigner(tee).toString()))
                .put("isvprodid", tee == TeeType.TDX ? 2 : 1);
        var levels = identity.putArray("tcbLevels");
        if (tee == TeeType.TDX) {
            levels.add(isvLevel(4, OLDER, "UpToDate"));
        } else {
            levels.add(isvLevel(8, OLDEST, "UpToDate"))
                    .add(isvLevel(6, "2021-11-10T00:00:00Z", "OutOfDate", "INTEL-SA-00615"));
        }
        return identity;
    }

    private static ObjectNode issued(ObjectNode info, Window window) {
        return info.put("issueDate", window.notBefore().toString())
                .put("nextUpdate", window.notAfter().toString())
                .put("fmspc", upper(IntelMachine.FMSPC.toString()))
                .put("pceId", upper(IntelMachine.PCE_ID.toString()));
    }

    private static ObjectNode module(ObjectNode module) {
        return module.put("mrsigner", "0".repeat(96))
                .put("attributes", "0".repeat(16))
                .put("attributesMask", "F".repeat(16));
    }

    private static ObjectNode isvLevel(int svn, String date, String status, String... advisories) {
        var level = JSON.objectNode();
        level.putObject("tcb").put("isvsvn", svn);
        return judged(level, date, status, advisories);
    }

    private static ObjectNode level(
            TeeType tee,
            List<Integer> sgx,
            int pceSvn,
            int microcode,
            String date,
            String status,
            String... advisories) {
        var level = JSON.objectNode();
        var tcb = level.putObject("tcb");
        components(tcb.putArray("sgxtcbcomponents"), sgx, SGX_LABELS);
        tcb.put("pcesvn", pceSvn);
        if (tee == TeeType.TDX) {
            components(
                    tcb.putArray("tdxtcbcomponents"),
                    List.of(5, 0, microcode, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                    TDX_LABELS);
        }
        return judged(level, date, status, advisories);
    }

    private static ObjectNode level2(List<Integer> sgx, String date, String status) {
        var level = JSON.objectNode();
        var tcb = level.putObject("tcb");
        for (int i = 0; i < sgx.size(); i++) {
            tcb.put("sgxtcbcomp%02dsvn".formatted(i + 1), sgx.get(i));
        }
        tcb.put("pcesvn", IntelMachine.PCE_SVN);
        return judged(level, date, status);
    }

    private static void components(ArrayNode into, List<Integer> svns, List<List<String>> labels) {
        for (int i = 0; i < svns.size(); i++) {
            var component = into.addObject().put("svn", svns.get(i));
            List<String> label = i < labels.size() ? labels.get(i) : List.of();
            if (!label.isEmpty()) {
                component.put("category", label.getFirst());
            }
            if (label.size() > 1) {
                component.put("type", label.getLast());
            }
        }
    }

    private static ObjectNode judged(ObjectNode level, String date, String status, String... advisories) {
        level.put("tcbDate", date).put("tcbStatus", status);
        if (advisories.length > 0) {
            var ids = level.putArray("advisoryIDs");
            for (String id : advisories) {
                ids.add(id);
            }
        }
        return level;
    }

    private static String upper(String hex) {
        return hex.toUpperCase(Locale.ROOT);
    }
}
