package io.countersign.verifier.policy;

import io.countersign.verifier.policy.PolicyIssue.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects every finding about one text, each with its place and source line. */
final class Issues {
    private static final int SHOWN_LINE = 400;

    private final List<String> lines;
    private final List<PolicyIssue> found = new ArrayList<>();

    Issues(String source) {
        this.lines = source.lines().toList();
    }

    void error(Node node, String message, String suggestion) {
        add(Severity.ERROR, node.getStartMark(), message, suggestion);
    }

    void error(Optional<Mark> mark, String message, String suggestion) {
        add(Severity.ERROR, mark, message, suggestion);
    }

    void error(Position position, String message, String suggestion) {
        add(Severity.ERROR, position, message, suggestion);
    }

    void warning(Node node, String message, String suggestion) {
        add(Severity.WARNING, node.getStartMark(), message, suggestion);
    }

    void warning(Position position, String message, String suggestion) {
        add(Severity.WARNING, position, message, suggestion);
    }

    private void add(Severity severity, Optional<Mark> mark, String message, String suggestion) {
        add(severity, mark.map(Position::of).orElse(Position.START), message, suggestion);
    }

    private void add(Severity severity, Position at, String message, String suggestion) {
        String line = at.line() <= lines.size() ? lines.get(at.line() - 1) : "";
        // A line longer than a few screen lines is no help, and a policy may hold one of 64 KiB.
        String shown = line.length() > SHOWN_LINE ? "" : line;
        found.add(new PolicyIssue(severity, at.line(), at.column(), message, suggestion, shown));
    }

    boolean anyError() {
        return found.stream().anyMatch(issue -> issue.severity() == Severity.ERROR);
    }

    /** In the order of the text. */
    List<PolicyIssue> all() {
        return found.stream()
                .distinct()
                .sorted(Comparator.comparingInt(PolicyIssue::line).thenComparingInt(PolicyIssue::column))
                .toList();
    }
}
