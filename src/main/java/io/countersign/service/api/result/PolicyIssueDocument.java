package io.countersign.service.api.result;

import io.countersign.verifier.policy.PolicyIssue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Findings about a policy's text as JSON, each with its place and as a person reads it. */
public final class PolicyIssueDocument {
    private PolicyIssueDocument() {}

    public static List<Map<String, Object>> of(List<PolicyIssue> issues) {
        return issues.stream().map(PolicyIssueDocument::of).toList();
    }

    private static Map<String, Object> of(PolicyIssue issue) {
        var document = new LinkedHashMap<String, Object>();
        document.put("severity", issue.severity().word());
        if (!issue.file().isEmpty()) {
            document.put("file", issue.file());
        }
        document.put("line", issue.line());
        document.put("column", issue.column());
        document.put("message", issue.message());
        document.put("suggestion", issue.suggestion());
        document.put("source_line", issue.sourceLine());
        document.put("rendered", issue.rendered());
        return document;
    }
}
