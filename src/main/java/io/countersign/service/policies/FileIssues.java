package io.countersign.service.policies;

import io.countersign.verifier.policy.PolicyIssue;

/** Findings about a file that the parser does not make. */
final class FileIssues {
    private FileIssues() {}

    /** About the file as a whole. */
    static PolicyIssue error(String file, String message, String suggestion) {
        return error(file, 1, message, suggestion, "");
    }

    static PolicyIssue error(String file, int line, String message, String suggestion, String sourceLine) {
        return new PolicyIssue(PolicyIssue.Severity.ERROR, file, line, 1, message, suggestion, sourceLine);
    }
}
