package io.countersign.service.audit;

import java.util.List;

/** The order in which a decision's line tells what it knows. */
final class LineMembers {
    static final List<String> OF_A_DECISION = List.of(
            "audience",
            "policy",
            "draft",
            "as_of",
            "freshness",
            "nonce_digest",
            "evidence_digest",
            "status",
            "submods",
            "checks",
            "rules",
            "result_digest",
            "intent",
            "answer");

    private LineMembers() {}
}
