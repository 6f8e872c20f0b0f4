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

    private final String file;
    private final List<String> lines;
    private final List<PolicyIssue> found = new ArrayList<>();

    /** For one text; {@code file} is empty where it has no name. */
    Issues(String file, String source) {
        this.file = file;
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
        found.add(place(at).issue(severity, visible(message), visible(suggestion)));
    }

    /** Findings that somebody else had about this text. */
    void addAll(List<PolicyIssue> others) {
        found.addAll(others);
    }

    /** Where a node stands, for findings that are made later. */
    SourcePlace place(Node node) {
        return place(node.getStartMark().map(Position::of).orElse(Position.START));
    }

    private SourcePlace place(Position at) {
        return new SourcePlace(file, at, shown(at.line()));
    }

    /** A line longer than a few screen lines is no help, and a policy may hold one of 64 KiB. */
    private String shown(int line) {
        String text = line(line);
        return text.length() > SHOWN_LINE ? "" : visible(text);
    }

    /** The text of a line, counted from 1; empty where there is none. */
    String line(int number) {
        return number >= 1 && number <= lines.size() ? lines.get(number - 1) : "";
    }

    /** Where the text of a line begins, after indentation and the dash of a list. */
    int columnOf(int number) {
        String text = line(number);
        int column = 0;
        while (column < text.length() && (text.charAt(column) == ' ' || text.charAt(column) == '-')) {
            column++;
        }
        return column + 1;
    }

    /** Control characters in a hostile policy must not reach the terminal of who reads about it. */
    private static String visible(String text) {
        return text.codePoints()
                .map(character -> Character.isISOControl(character) && character != '\t' ? 0xFFFD : character)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    boolean anyError() {
        return errors() > 0;
    }

    long errors() {
        return found.stream()
                .filter(issue -> issue.severity() == Severity.ERROR)
                .count();
    }

    /** In the order of the text. */
    List<PolicyIssue> all() {
        return found.stream()
                .distinct()
                .sorted(Comparator.comparingInt(PolicyIssue::line).thenComparingInt(PolicyIssue::column))
                .toList();
    }
}
