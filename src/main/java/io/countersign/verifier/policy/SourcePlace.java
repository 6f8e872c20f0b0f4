package io.countersign.verifier.policy;

/**
 * Where something stands in the policies' files. All places are equal to one another: where a value is written does not
 * change what it says, and two policies may draw in the same.
 */
public final class SourcePlace {
    private final String file;
    private final Position position;
    private final String sourceLine;

    SourcePlace(String file, Position position, String sourceLine) {
        this.file = file;
        this.position = position;
        this.sourceLine = sourceLine;
    }

    PolicyIssue issue(PolicyIssue.Severity severity, String message, String suggestion) {
        return new PolicyIssue(severity, file, position.line(), position.column(), message, suggestion, sourceLine);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SourcePlace;
    }

    @Override
    public int hashCode() {
        return 0;
    }

    @Override
    public String toString() {
        return (file.isEmpty() ? "" : file + ":") + position.line() + ":" + position.column();
    }
}
