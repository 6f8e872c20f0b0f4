package io.countersign.testkit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.insecure.SoftwareStatement;

/** What a software Intel publishes when it recovers its TCB: a new number, and a level that the machine does not reach. */
public final class ComingTcb {
    /** Of no advisory of Intel's. */
    public static final String ADVISORY = "INTEL-SA-99021";

    /** The number of {@code IntelStatements} and one more. */
    public static final int NUMBER = 21;

    private ComingTcb() {}

    /** Wants early microcode 5, where the machine has 4. */
    public static SoftwareStatement recovered(SoftwareStatement tcbInfo) {
        return numbered(tcbInfo, NUMBER).with(info -> {
            var levels = (ArrayNode) info.get("tcbLevels");
            var before = (ObjectNode) levels.get(0);
            ObjectNode next = before.deepCopy();
            ((ObjectNode) next.at("/tcb/sgxtcbcomponents/0")).put("svn", 5);
            next.put("tcbDate", "2026-05-13T00:00:00Z");
            before.put("tcbStatus", "OutOfDate").putArray("advisoryIDs").add(ADVISORY);
            levels.insert(0, next);
        });
    }

    /** Of another edition, which says the same. */
    public static SoftwareStatement numbered(SoftwareStatement statement, int number) {
        return statement.with(body -> body.put("tcbEvaluationDataNumber", number));
    }
}
